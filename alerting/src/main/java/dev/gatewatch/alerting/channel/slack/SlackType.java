package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import java.time.Clock;
import java.util.List;

/** The {@code slack} channel's type. */
public final class SlackType implements ChannelType {
    private static final Key<SecretUrl> WEBHOOK_URL = Key.required(
            "webhook_url", SecretUrl.type(), "The incoming webhook's address. Whoever knows it can post: treated as a secret.");

    @Override
    public String name() {
        return "slack";
    }

    @Override
    public String description() {
        return "Posts to a Slack channel through an incoming webhook; what queues up is put together in one message.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(WEBHOOK_URL, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        var sender = new HttpSender(
                section.get(HttpKeys.TIMEOUT), section.find(HttpKeys.TLS).flatMap(HttpKeys.TlsSettings::trust));
        return new SlackChannel(section.get(WEBHOOK_URL), setup.externalUrl(), sender, Clock.systemUTC());
    }
}
