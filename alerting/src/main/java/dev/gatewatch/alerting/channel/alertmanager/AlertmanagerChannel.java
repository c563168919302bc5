package dev.gatewatch.alerting.channel.alertmanager;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertJson;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Links;
import dev.gatewatch.alerting.channel.support.Verdict;
import dev.gatewatch.config.Secret;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Pushes alerts to each Alertmanager of a cluster, as Prometheus does (API v2, {@code POST /api/v2/alerts}).
 *
 * <p>An alert's identity there is its label set: see {@link AlertJson} for what is in it. A firing alert is given an end four refreshes
 * ahead, so that it goes away by itself, and not before two refreshes were lost, when this daemon is gone for good.
 */
final class AlertmanagerChannel implements Channel.Mirror {
    private static final int REFRESHES_AHEAD = 4;

    private final List<Peer> peers;
    private final Optional<Secret> authorization;
    private final List<Secret> secrets;
    private final Map<String, String> labels;
    private final boolean watchdog;
    private final Setup setup;
    private final HttpSender sender;

    AlertmanagerChannel(
            List<Peer> peers,
            Optional<Secret> authorization,
            List<Secret> secrets,
            Map<String, String> labels,
            boolean watchdog,
            Setup setup,
            HttpSender sender) {
        this.peers = List.copyOf(peers);
        this.authorization = authorization;
        this.secrets = List.copyOf(secrets);
        this.labels = labels;
        this.watchdog = watchdog;
        this.setup = setup;
        this.sender = sender;
    }

    @Override
    public List<String> peers() {
        return peers.stream().map(Peer::name).toList();
    }

    @Override
    public Delivery push(int peer, List<AlertView> alerts, Instant now) throws InterruptedException {
        Peer to = peers.get(peer);
        List<Map<String, Object>> all = new ArrayList<>();
        alerts.forEach(alert -> all.add(json(alert, now)));
        if (watchdog) {
            all.add(watchdog(now));
        }
        byte[] body = JsonMapper.shared().writeValueAsBytes(all);
        var headers = new LinkedHashMap<String, String>();
        to.base().basicCredentials().ifPresent(credentials -> headers.put("Authorization", credentials));
        authorization.ifPresent(value -> headers.put("Authorization", value.reveal()));
        return Verdict.of(sender.post(to.base(), to.alerts(), headers, body, secrets));
    }

    private Map<String, Object> json(AlertView alert, Instant now) {
        boolean resolved = alert.state() == AlertView.State.RESOLVED;
        Instant end = resolved ? alert.endsAt().orElse(now) : now.plus(refresh().multipliedBy(REFRESHES_AHEAD));
        var json = new LinkedHashMap<String, Object>();
        json.put("labels", AlertJson.labels(alert, labels));
        json.put("annotations", AlertJson.annotations(alert, resolved, setup, now));
        json.put("startsAt", alert.startsAt().toString());
        // an end before the start is refused; the clock may have stepped back in between
        json.put("endsAt", (end.isBefore(alert.startsAt()) ? alert.startsAt() : end).toString());
        setup.externalUrl().ifPresent(url -> json.put("generatorURL", Links.probe(url, alert)));
        return json;
    }

    @Override
    public boolean beats() {
        return watchdog;
    }

    /**
     * An alert that fires always, named and labelled as the one that Prometheus' own rules have. It ends by itself when nothing is pushed
     * any more, and what Alertmanager routes it to should call when it is no longer told of it.
     */
    private Map<String, Object> watchdog(Instant now) {
        var own = new LinkedHashMap<String, String>();
        own.put("alertname", "Watchdog");
        own.put("severity", "none");
        own.put("probe", "gatewatch");
        own.put("location", setup.location());
        own.values().removeIf(String::isEmpty);
        labels.forEach(own::putIfAbsent);
        var json = new LinkedHashMap<String, Object>();
        json.put("labels", own);
        json.put(
                "annotations",
                Map.of(
                        "summary", "Gatewatch at " + setup.location() + " judges and delivers",
                        "description", "This alert always fires. Let its absence call somebody: then Gatewatch has stopped."));
        json.put("endsAt", now.plus(refresh().multipliedBy(REFRESHES_AHEAD)).toString());
        setup.externalUrl().ifPresent(url -> json.put("generatorURL", url.toString()));
        return json;
    }

    @Override
    public void close() {
        sender.close();
    }
}
