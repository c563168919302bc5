package dev.gatewatch.alerting.channel.feishu;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.time.Clock;
import java.util.List;

/** The {@code feishu} channel's type. */
public final class FeishuType implements ChannelType {
    private static final Key<SecretUrl> WEBHOOK_URL = Key.required(
            "webhook_url", SecretUrl.type(), "The robot's address (…/open-apis/bot/v2/hook/…), of Feishu or Lark. Treated as a secret.");

    private static final Key<Secret> SECRET =
            Key.optional("secret", Types.secret(), "The robot's signing secret, where its security setting is a signature.");

    private static final Key<String> KEYWORD = Key.optional(
            "keyword", Types.text(), "A word that is added to messages without it, where the robot's security setting is a keyword.");

    @Override
    public String name() {
        return "feishu";
    }

    @Override
    public String description() {
        return "Posts a card to a Feishu or Lark group through a custom robot.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(WEBHOOK_URL, SECRET, KEYWORD, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        return new ChatChannel(
                new ChatText(setup, FeishuMarkup.LARK_MD, FeishuRobot.MOST, true),
                new FeishuRobot(section.get(WEBHOOK_URL), section.find(SECRET), section.find(KEYWORD)),
                HttpKeys.sender(section),
                Clock.systemUTC());
    }
}
