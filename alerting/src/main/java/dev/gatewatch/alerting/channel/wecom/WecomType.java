package dev.gatewatch.alerting.channel.wecom;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.time.Clock;
import java.util.List;

/** The {@code wecom} channel's type. */
public final class WecomType implements ChannelType {
    private static final int MOST_MENTIONS = 5;

    private static final Key<SecretUrl> WEBHOOK_URL = Key.required(
            "webhook_url", SecretUrl.type(), "The robot's address (…/cgi-bin/webhook/send?key=…). Treated as a secret.");

    private static final Key<List<String>> MENTIONS = Key.optional(
            "mentions",
            Types.oneOrMore(Types.text("a member's id", "[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")),
            "Ids of members of the group to call while something fires, at most " + MOST_MENTIONS + ".");

    @Override
    public String name() {
        return "wecom";
    }

    @Override
    public String description() {
        return "Posts to a WeCom (WeChat Work) group through a group robot.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(WEBHOOK_URL, MENTIONS, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        List<String> mentions = section.find(MENTIONS).orElse(List.of());
        if (mentions.size() > MOST_MENTIONS) {
            section.problem(MENTIONS, mentions.size() + " members are more than " + MOST_MENTIONS + "; a message is short");
        }
        return new ChatChannel(
                new ChatText(setup, WecomRobot.MARKUP, WecomRobot.MOST, false),
                new WecomRobot(section.get(WEBHOOK_URL), mentions),
                HttpKeys.sender(section),
                Clock.systemUTC());
    }
}
