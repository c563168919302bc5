package dev.gatewatch.alerting.channel.pagerduty;

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

/** The {@code pagerduty} channel's type. */
public final class PagerdutyType implements ChannelType {
    private static final String PUBLIC = "https://events.pagerduty.com/v2/enqueue";
    private static final int ROUTING_KEY = 32;

    private static final Key<Secret> KEY = Key.required(
            "routing_key", Types.secret(), "The integration key of the service (Events API v2): 32 characters.");

    private static final Key<SecretUrl> URL = Key.withDefault(
            "url",
            SecretUrl.type(),
            SecretUrl.parse(PUBLIC).orElseThrow(),
            PUBLIC,
            "The whole address that events are posted to; https://events.eu.pagerduty.com/v2/enqueue for accounts in the EU.");

    @Override
    public String name() {
        return "pagerduty";
    }

    @Override
    public String description() {
        return "Opens an incident in PagerDuty for each group of alerts, and resolves it once none of them fires (Events API v2).";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(KEY, URL, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        Secret key = section.get(KEY);
        if (key.reveal().length() != ROUTING_KEY) {
            // the usual mistake is the key of the REST API, which has 20; every event would be refused
            section.problem(KEY, "an integration key of the Events API v2 has " + ROUTING_KEY + " characters, this has "
                    + key.reveal().length());
        }
        return new ChatChannel(
                new ChatText(setup, PagerdutyEvents.MARKUP, PagerdutyEvents.MOST_TEXT, true),
                new PagerdutyEvents(section.get(URL), key, setup),
                HttpKeys.sender(section),
                Clock.systemUTC());
    }
}
