package dev.gatewatch.alerting.channel.alertmanager;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The {@code alertmanager} channel's type. */
public final class AlertmanagerType implements ChannelType {
    private static final Key<List<SecretUrl>> URLS = Key.required(
            "urls",
            Types.oneOrMore(SecretUrl.type()),
            "Every member of the Alertmanager cluster, never a balancer in front of it; each gets every alert.");

    private static final Key<SequencedMap<String, String>> LABELS = Key.optional(
            "labels",
            Types.map(Types.text("a label name", "[a-zA-Z_][a-zA-Z0-9_]{0,99}"), Types.text()),
            "Labels to add to each alert that has none of that name.");

    private static final Key<Boolean> WATCHDOG = Key.withDefault(
            "watchdog",
            Types.bool(),
            false,
            "false",
            "Whether to keep an alert \"Watchdog\" firing there for as long as this daemon pushes: route it to something that calls when it"
                    + " stops.");

    @Override
    public String name() {
        return "alertmanager";
    }

    @Override
    public String description() {
        return "Keeps Prometheus Alertmanager informed of what is firing; it groups, routes and silences.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(
                URLS, LABELS, WATCHDOG, HttpKeys.BASIC_AUTH, HttpKeys.BEARER_TOKEN, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        List<SecretUrl> urls = section.get(URLS);
        if (section.has(HttpKeys.BASIC_AUTH) && section.has(HttpKeys.BEARER_TOKEN)) {
            section.problem(HttpKeys.BEARER_TOKEN, "basic_auth and bearer_token cannot go together");
        }
        List<Peer> peers = urls.stream().map(Peer::new).toList();
        if (new HashSet<>(peers.stream().map(Peer::name).toList()).size() < peers.size()) {
            section.problem(URLS, "an address stands twice");
        }
        Optional<Secret> authorization = section.find(HttpKeys.BASIC_AUTH)
                .map(HttpKeys.BasicAuth::header)
                .or(() -> section.find(HttpKeys.BEARER_TOKEN).map(token -> new Secret("Bearer " + token.reveal())));
        var secrets = new ArrayList<Secret>();
        section.find(HttpKeys.BASIC_AUTH).ifPresent(basic -> secrets.addAll(basic.secrets()));
        section.find(HttpKeys.BEARER_TOKEN).ifPresent(secrets::add);
        var sender = new HttpSender(
                section.get(HttpKeys.TIMEOUT), section.find(HttpKeys.TLS).flatMap(HttpKeys.TlsSettings::trust));
        return new AlertmanagerChannel(
                peers,
                authorization,
                secrets,
                section.<SequencedMap<String, String>>find(LABELS).<Map<String, String>>map(l -> l).orElse(Map.of()),
                section.get(WATCHDOG),
                setup,
                sender);
    }
}
