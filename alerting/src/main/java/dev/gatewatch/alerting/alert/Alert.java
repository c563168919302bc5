package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.route.Tellable;
import dev.gatewatch.alerting.route.Told;
import dev.gatewatch.alerting.rule.Occasion;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One alert: what the world sees of it, and what only we need to go on with it. Immutable. Severity, labels and annotations stay as they
 * were when it began: receivers know it by them, and its end has to look like its beginning.
 *
 * @param told what each channel knows of it; its end goes to exactly these
 */
record Alert(AlertView view, Episode episode, SequencedMap<String, Told> told) {
    /**
     * What is said of the trouble.
     *
     * @param evidence may be empty
     */
    record Text(Cause cause, String message, String evidence) {}

    Alert {
        told = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(told));
    }

    static Alert begin(Rule rule, ProbeSpec spec, Episode episode, Text text, Handling handling) {
        return begin(rule, rule.severity(), spec, spec.series(), episode, text, handling);
    }

    /** One of a rule; of all regions of a probe, where the series has none. */
    static Alert begin(
            Rule rule, Severity severity, ProbeSpec spec, Series series, Episode episode, Text text, Handling handling) {
        String fingerprint = fingerprint(rule.name(), series);
        var labels = new LinkedHashMap<>(spec.labels());
        labels.putAll(rule.labels());
        var view = new AlertView(
                id(fingerprint, episode),
                fingerprint,
                rule.name(),
                series,
                spec.type().name(),
                spec.probe().target(),
                severity,
                episode.state(),
                text.cause(),
                text.message(),
                text.evidence(),
                episode.startsAt(),
                episode.firedAt(),
                episode.endsAt(),
                episode.endReason(),
                labels,
                rule.annotations(),
                handling);
        return new Alert(view, episode, new LinkedHashMap<>());
    }

    /** With the places in its labels and annotations filled. */
    Alert filled(Rule rule, ProbeSpec spec, String value, Optional<Result> run) {
        // these stay as they are, so how far it is confirmed does not belong there
        String message = view.message().replaceFirst("^confirming [0-9]+ of [0-9]+: ", "");
        var occasion = new Occasion(rule, spec, view.series(), view.severity(), view.cause(), message, value, run);
        var labels = new LinkedHashMap<>(view.labels());
        labels.putAll(occasion.fill(rule.labels()));
        return new Alert(seen(episode, text(), labels, occasion.fill(rule.annotations())), episode, told);
    }

    /** With more annotations; the rule's own go before. */
    Alert annotated(Map<String, String> more) {
        if (more.isEmpty()) {
            return this;
        }
        var annotations = new LinkedHashMap<>(view.annotations());
        more.forEach(annotations::putIfAbsent);
        return new Alert(seen(episode, text(), view.labels(), annotations), episode, told);
    }

    /** Another for each stretch of trouble. */
    static String id(String fingerprint, Episode episode) {
        return fingerprint + "-" + Long.toString(episode.startsAt().toEpochMilli(), Character.MAX_RADIX);
    }

    /** The same for one rule and series for ever. */
    static String fingerprint(String rule, Series series) {
        return digest(rule, series.probe(), series.region(), series.location());
    }

    /** 64 bits of a hash over some texts that hold no line ends, as hex. */
    static String digest(String... texts) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(String.join("\n", texts).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    Alert with(Episode next) {
        return next.equals(episode) ? this : new Alert(seen(next, text()), next, told);
    }

    Alert with(Text text) {
        return text.equals(text()) ? this : new Alert(seen(episode, text), episode, told);
    }

    Alert told(SequencedMap<String, Told> channels) {
        return new Alert(view, episode, channels);
    }

    Alert handled(Handling handling) {
        return handling.equals(view.handling()) ? this : new Alert(view.with(handling), episode, told);
    }

    Tellable tellable() {
        return new Tellable(view, episode.level(), told);
    }

    /** Whether some channel was told that it fires, and not of its end. */
    boolean owesAnEnd() {
        return told.values().stream().anyMatch(known -> !known.ended());
    }

    /** The id of the alert that its incident began with. */
    String incident() {
        String earlier = view.handling().incident();
        return earlier.isEmpty() ? view.id() : earlier;
    }

    Text text() {
        return new Text(view.cause(), view.message(), view.evidence());
    }

    boolean firing() {
        return episode.state() == State.FIRING;
    }

    /** Whether a restart would lose something by not storing this: all but the wording, which the next run brings anew. */
    boolean differsFrom(Alert stored) {
        return !episode.equals(stored.episode)
                || !told.equals(stored.told)
                || view.cause() != stored.view.cause()
                || view.handling().flapping() != stored.view.handling().flapping();
    }

    private AlertView seen(Episode e, Text text) {
        return seen(e, text, view.labels(), view.annotations());
    }

    private AlertView seen(
            Episode e, Text text, SequencedMap<String, String> labels, SequencedMap<String, String> annotations) {
        return new AlertView(
                view.id(),
                view.fingerprint(),
                view.rule(),
                view.series(),
                view.type(),
                view.target(),
                view.severity(),
                e.state(),
                text.cause(),
                text.message(),
                text.evidence(),
                e.startsAt(),
                e.firedAt(),
                e.endsAt(),
                e.endReason(),
                labels,
                annotations,
                view.handling());
    }
}
