package dev.gatewatch.alerting.channel.opsgenie;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The {@code opsgenie} channel's type. */
public final class OpsgenieType implements ChannelType {
    private static final String PUBLIC = "https://api.opsgenie.com";

    private static final Key<Secret> KEY =
            Key.required("api_key", HttpKeys.headerValue(), "The key of an API integration, sent as \"Authorization: GenieKey …\".");

    private static final Key<SecretUrl> URL = Key.withDefault(
            "url",
            SecretUrl.type(),
            SecretUrl.parse(PUBLIC).orElseThrow(),
            PUBLIC,
            "The API's address without /v2/alerts; https://api.eu.opsgenie.com for accounts in the EU.");

    private static final Key<List<String>> RESPONDERS = Key.optional(
            "responders",
            Types.list(
                    Types.text(
                            "a kind (team, user, schedule or escalation), a colon and a name",
                            "(?:team|user|schedule|escalation):\\S.{0,98}"),
                    1),
            "Whom to tell, such as `team:payments` or `schedule:core on call`; without it the integration's own rules decide.");

    private static final Key<List<String>> TAGS = Key.optional(
            "tags", Types.list(Types.text("a tag of 1 to 50 characters", "\\S.{0,49}"), 1), "Tags of each alert; at most 20 are sent.");

    private static final Key<String> CRITICAL = priority("critical", "P1");
    private static final Key<String> WARNING = priority("warning", "P3");
    private static final Key<String> INFO = priority("info", "P5");

    private static final Key<Map<Severity, String>> PRIORITY = Key.withDefault(
            "priority",
            SectionType.of(
                    "priority",
                    List.of(CRITICAL, WARNING, INFO),
                    section -> Map.of(
                            Severity.CRITICAL, section.get(CRITICAL),
                            Severity.WARNING, section.get(WARNING),
                            Severity.INFO, section.get(INFO))),
            Map.of(Severity.CRITICAL, "P1", Severity.WARNING, "P3", Severity.INFO, "P5"),
            "critical: P1, warning: P3, info: P5",
            "Which priority a severity has.");

    private static Key<String> priority(String severity, String usual) {
        return Key.withDefault(severity, Types.text("P1 to P5", "P[1-5]"), usual, usual, "The priority of " + severity + " alerts.");
    }

    @Override
    public String name() {
        return "opsgenie";
    }

    @Override
    public String description() {
        return "Opens an alert in Opsgenie (or what speaks its Alert API v2) for each group of alerts, and closes it once none fires.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(KEY, URL, RESPONDERS, TAGS, PRIORITY, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        SecretUrl url = section.get(URL);
        if (url.reveal().encodedPath().endsWith("/alerts")) {
            section.problem(URL, "the address stands without /v2/alerts, which is added");
        }
        return new ChatChannel(
                new ChatText(setup, OpsgenieAlerts.MARKUP, OpsgenieAlerts.DESCRIPTION, false),
                new OpsgenieAlerts(
                        url,
                        section.get(KEY),
                        new OpsgenieAlerts.Routing(
                                section.<List<String>>find(RESPONDERS).orElse(List.of()),
                                section.<List<String>>find(TAGS).orElse(List.of()),
                                section.get(PRIORITY)),
                        setup),
                HttpKeys.sender(section),
                Clock.systemUTC());
    }
}
