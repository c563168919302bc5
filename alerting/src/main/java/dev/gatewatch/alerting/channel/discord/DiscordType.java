package dev.gatewatch.alerting.channel.discord;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import java.time.Clock;
import java.util.List;

/** The {@code discord} channel's type. */
public final class DiscordType implements ChannelType {
    private static final Key<SecretUrl> WEBHOOK_URL =
            Key.required("webhook_url", SecretUrl.type(), "The webhook's address. Whoever knows it can post: treated as a secret.");

    @Override
    public String name() {
        return "discord";
    }

    @Override
    public String description() {
        return "Posts to a Discord channel through a webhook, as an embed in the colour of the severity.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(WEBHOOK_URL, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        var text = new ChatText(setup, DiscordWebhook.MARKUP, DiscordWebhook.MOST, false);
        return new ChatChannel(text, new DiscordWebhook(section.get(WEBHOOK_URL)), HttpKeys.sender(section), Clock.systemUTC());
    }
}
