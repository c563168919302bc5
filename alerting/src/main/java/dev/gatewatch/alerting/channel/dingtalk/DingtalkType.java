package dev.gatewatch.alerting.channel.dingtalk;

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

/** The {@code dingtalk} channel's type. */
public final class DingtalkType implements ChannelType {
    private static final Key<SecretUrl> WEBHOOK_URL = Key.required(
            "webhook_url", SecretUrl.type(), "The robot's address (…/robot/send?access_token=…). Treated as a secret.");

    private static final Key<Secret> SECRET =
            Key.optional("secret", Types.secret(), "The robot's signing secret (SEC…), where its security setting is a signature.");

    private static final Key<String> KEYWORD = Key.optional(
            "keyword", Types.text(), "A word that is added to messages without it, where the robot's security setting is a keyword.");

    private static final Key<List<String>> AT_MOBILES = Key.optional(
            "at_mobiles",
            Types.oneOrMore(Types.text("a mobile number", "\\+?[0-9-]{5,20}")),
            "Mobile numbers of members of the group to call while something fires. In quotes.");

    @Override
    public String name() {
        return "dingtalk";
    }

    @Override
    public String description() {
        return "Posts to a DingTalk group through a custom robot.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(WEBHOOK_URL, SECRET, KEYWORD, AT_MOBILES, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        List<String> mobiles = section.find(AT_MOBILES).orElse(List.of());
        // a message that calls somebody has no buttons
        var text = new ChatText(setup, DingtalkRobot.MARKUP, DingtalkRobot.MOST, mobiles.isEmpty());
        var robot = new DingtalkRobot(section.get(WEBHOOK_URL), section.find(SECRET), section.find(KEYWORD), mobiles);
        return new ChatChannel(text, robot, HttpKeys.sender(section), Clock.systemUTC());
    }
}
