package dev.gatewatch.alerting.channel.slack;

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

/** The {@code slack} channel's type. */
public final class SlackType implements ChannelType {
    private static final Key<SecretUrl> WEBHOOK_URL = Key.optional(
            "webhook_url",
            SecretUrl.type(),
            "The incoming webhook's address. Whoever knows it can post: treated as a secret. Either this, or token and channel.");

    private static final Key<Secret> TOKEN = Key.optional(
            "token",
            HttpKeys.headerValue(),
            "A bot's token (xoxb-…) with the scope chat:write; goes with channel. The message about a trouble is then changed when it is over.");

    private static final Key<String> CHANNEL = Key.optional(
            "channel", Types.text(), "Where the bot posts: a channel's id (C0123456789), or its name with #. The bot must be a member.");

    private static final Key<SecretUrl> API_URL = Key.withDefault(
            "api_url",
            SecretUrl.type(),
            SecretUrl.parse("https://slack.com/api").orElseThrow(),
            "https://slack.com/api",
            "Where Slack's Web API is; only for a proxy of your own.");

    @Override
    public String name() {
        return "slack";
    }

    @Override
    public String description() {
        return "Posts to a Slack channel, through an incoming webhook or as a bot that turns its message green when the trouble is over;"
                + " what queues up is put together in one message.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(WEBHOOK_URL, TOKEN, CHANNEL, API_URL, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        var text = new ChatText(setup, SlackMarkup.MRKDWN, SlackMessage.MOST, false);
        return new ChatChannel(text, room(section, setup), HttpKeys.sender(section), Clock.systemUTC());
    }

    private static ChatChannel.Room room(Section section, Setup setup) {
        boolean bot = section.has(TOKEN) || section.has(CHANNEL);
        if (section.has(WEBHOOK_URL) == bot) {
            section.problem(
                    bot ? WEBHOOK_URL : TOKEN,
                    bot
                            ? "webhook_url and token are two ways to post: give one of them"
                            : "one of webhook_url (an incoming webhook) and token with channel (a bot) is needed");
        } else if (bot && !(section.has(TOKEN) && section.has(CHANNEL))) {
            section.problem(section.has(TOKEN) ? TOKEN : CHANNEL, "token and channel go together: which bot posts, and where");
        }
        return section.find(WEBHOOK_URL)
                .<ChatChannel.Room>map(SlackWebhook::new)
                .orElseGet(() -> new SlackBot(
                        section.get(API_URL),
                        section.find(TOKEN).orElse(new Secret("")),
                        section.find(CHANNEL).orElse(""),
                        setup.memory()));
    }
}
