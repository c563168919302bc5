package dev.gatewatch.alerting.channel.mattermost;

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

/** The {@code mattermost} channel's type. */
public final class MattermostType implements ChannelType {
    private static final Key<SecretUrl> WEBHOOK_URL = Key.required(
            "webhook_url", SecretUrl.type(), "The incoming webhook's address. Whoever knows it can post: treated as a secret.");

    private static final Key<String> CHANNEL = Key.optional(
            "channel",
            Types.text(),
            "Where to post instead of the webhook's own channel: a channel's name, or @ and a user's; the webhook must not be locked.");

    @Override
    public String name() {
        return "mattermost";
    }

    @Override
    public String description() {
        return "Posts to a Mattermost channel through an incoming webhook, as an attachment in the colour of the severity.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(WEBHOOK_URL, CHANNEL, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        return new ChatChannel(
                new ChatText(setup, MattermostMarkup.MARKDOWN, MattermostWebhook.MOST, false),
                new MattermostWebhook(section.get(WEBHOOK_URL), section.find(CHANNEL)),
                HttpKeys.sender(section),
                Clock.systemUTC());
    }
}
