package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.Handling;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An alert of another monitor among ours: routed, silenced and acknowledged as they are. Confined to the evaluator's thread. */
final class ExternalAlert extends Keeper {
    /** Labels that say what an alert of ours has a property for. */
    private static final Set<String> PROPERTIES =
            Set.of("alertname", "severity", "rule", "probe", "type", "target", "region", "location", "cause", "class");

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_TEXT = 500;

    private final String fingerprint;
    private @Nullable InboundAlert told;
    private String incident = "";

    ExternalAlert(String fingerprint) {
        this.fingerprint = fingerprint;
    }

    /** Never the same as one of our own. */
    static String fingerprint(InboundAlert alert) {
        return Alert.digest(AlertView.EXTERNAL, alert.fingerprint());
    }

    /** @param with the incident that it belongs to if it begins now */
    void tells(InboundAlert now, String with) {
        told = now;
        incident = with;
    }

    /** Whether nothing of it matters any more. */
    boolean isForgotten(Instant now) {
        return past().notBefore().isBefore(now.minus(Duration.ofHours(1)));
    }

    /** Whose it is: the probe that it names, else what its monitor looked at. */
    static Series series(InboundAlert alert) {
        String what = Stream.of("probe", "instance", "job", "alertname")
                .map(alert::label)
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse(AlertView.EXTERNAL);
        return new Series(name(what), name(alert.label("region")), name(alert.label("location")));
    }

    static Alert.Text text(InboundAlert alert) {
        List<String> said = Stream.of("summary", "title", "message", "description")
                .map(alert::annotation)
                .filter(text -> !text.isBlank())
                .map(text -> Cut.chars(Cut.oneLine(text), LONGEST_TEXT))
                .distinct()
                .toList();
        Cause cause = Stream.of(alert.label("cause"), alert.annotation("cause"))
                .flatMap(code -> Cause.of(code).stream())
                .findFirst()
                .orElse(Cause.EXTERNAL_ALERT);
        String nothing = name(alert.label("alertname"));
        return new Alert.Text(
                cause, said.isEmpty() ? (nothing.isEmpty() ? "no text" : nothing) : said.getFirst(), said.size() > 1 ? said.get(1) : "");
    }

    /** The host of an address or URL. */
    static Optional<String> host(String target) {
        try {
            String host = new URI(target.contains("://") ? target : "x://" + target).getHost();
            return Optional.ofNullable(host).map(h -> h.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static Severity severity(InboundAlert alert) {
        return switch (alert.label("severity").toLowerCase(Locale.ROOT)) {
            case "critical", "page", "error", "emergency", "fatal", "high", "disaster" -> Severity.CRITICAL;
            case "info", "information", "informational", "none", "low", "notice" -> Severity.INFO;
            default -> Severity.WARNING;
        };
    }

    private static String name(String text) {
        return Cut.chars(Cut.oneLine(text), LONGEST_NAME);
    }

    @Override
    Alert begin(Episode episode, Alert.Text text) {
        InboundAlert from = java.util.Objects.requireNonNull(told);
        var labels = new LinkedHashMap<String, String>();
        from.labels().forEach((name, value) -> {
            if (!PROPERTIES.contains(name)) {
                labels.put(name, value);
            }
        });
        var annotations = new LinkedHashMap<>(from.annotations());
        if (from.source().startsWith("http://") || from.source().startsWith("https://")) {
            annotations.putIfAbsent("source_url", from.source());
        }
        String again = past().incident(episode.startsAt());
        String rule = name(from.label("alertname"));
        var view = new AlertView(
                Alert.id(fingerprint, episode),
                fingerprint,
                rule.isEmpty() ? AlertView.EXTERNAL : rule,
                series(from),
                AlertView.EXTERNAL,
                name(from.label("instance")),
                severity(from),
                episode.state(),
                text.cause(),
                text.message(),
                text.evidence(),
                episode.startsAt(),
                episode.firedAt(),
                Optional.empty(),
                "",
                labels,
                annotations,
                new Handling(again.isEmpty() ? incident : again, Optional.empty(), Optional.empty(), false, List.of()));
        return new Alert(view, episode, new LinkedHashMap<>());
    }

    @Override
    boolean calmsFlapping() {
        return false;
    }
}
