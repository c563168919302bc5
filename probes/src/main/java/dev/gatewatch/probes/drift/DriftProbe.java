package dev.gatewatch.probes.drift;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.drift.Difference.Kind;
import dev.gatewatch.probes.drift.DriftConfig.Source;
import dev.gatewatch.probes.drift.Remembered.Value;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.Redaction;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One configured drift probe: gets the document and its reference, compares, tells. Immutable, safe for many threads. */
final class DriftProbe implements Probe {
    /** Of the differences so many are named in the message; all are in the evidence. */
    private static final int NAMED = 5;

    private final DriftConfig config;

    DriftProbe(DriftConfig config) {
        this.config = config;
    }

    @Override
    public String target() {
        return switch (config.source()) {
            case Source.Http(HttpRequest request) -> request.target();
            case Source.Local(var file) -> file.toString();
        };
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        var redaction = new Redaction(config.secrets());
        boolean asks = config.source() instanceof Source.Http;
        // a file has no status and no certificate to tell of
        try (var session = HttpSession.of(config.client(), redaction, run, asks ? report : Report.builder())) {
            var documents = new Documents(config, session, report);
            // the reference first, so that the facts of HTTP are in the end the target's
            Optional<Document> sister =
                    config.reference() instanceof Reference.Sister(HttpRequest request) ? documents.sister(request) : Optional.empty();
            if (report.outcome() == Outcome.PASS) {
                documents.target().ifPresent(document -> compare(document, sister, run, redaction, report));
            }
            if (asks) {
                session.tellPhases();
            }
        }
        return report.build();
    }

    private void compare(Document whole, Optional<Document> sister, Run run, Redaction redaction, Report.Builder report) {
        Rules rules = config.rules();
        Document document = whole.only(rules::counts);
        var remembered = new Remembered(run.memory());
        var shown = new Shown(remembered.salt(), rules.secrets());
        var comparison = new Comparison(rules, shown).rules(document);
        switch (config.reference()) {
            case Reference.None _ -> {}
            case Reference.Pinned(Document pinned) -> comparison.reference(document, pinned, config.unlisted());
            case Reference.Sister _ -> sister.ifPresent(s -> comparison.reference(document, s, config.unlisted()));
            case Reference.Seen seen -> seen(seen, document, remembered, shown, comparison, report);
        }
        report.fact(DriftProbeType.KEYS, document.values().size());
        report.fact(DriftProbeType.FINGERPRINT, shown.digest(document.values().toString()).substring(0, 16));
        tell(comparison.found(), document, redaction, report);
        tellHidden(document, report);
    }

    private void seen(
            Reference.Seen seen,
            Document document,
            Remembered remembered,
            Shown shown,
            Comparison comparison,
            Report.Builder report) {
        Optional<Map<String, Value>> before = remembered.read(seen.pin());
        before.ifPresent(values -> comparison.reference(document, values, config.unlisted()));
        if ((before.isEmpty() || seen.moving()) && !remembered.write(seen.pin(), document, shown)) {
            report.broken(Cause.INTERNAL_ERROR, "the document is too large to be remembered; narrow it with only");
        }
    }

    private static void tell(List<Difference> found, Document document, Redaction redaction, Report.Builder report) {
        List<Difference> versions = found.stream().filter(Difference::version).toList();
        List<Difference> others = found.stream().filter(d -> !d.version()).toList();
        report.fact(DriftProbeType.DIFFERING, found.size());
        report.fact(DriftProbeType.VERSIONS, versions.size());
        report.fact(
                DriftProbeType.BROKEN_RULES,
                found.stream()
                        .filter(d -> d.kind() == Kind.FORBIDDEN || d.kind() == Kind.REQUIRED)
                        .count());
        if (!others.isEmpty()) {
            report.fail(Cause.CONFIG_DRIFT, redaction.line(message(others, document, "setting")));
        }
        if (!versions.isEmpty()) {
            report.fail(Cause.VERSION_DRIFT, redaction.line(message(versions, document, "version")));
        }
        if (!found.isEmpty()) {
            report.evidence(
                    "differences",
                    redaction.block(found.stream().map(Difference::toString).collect(Collectors.joining("\n"))));
        }
    }

    private static String message(List<Difference> differences, Document document, String what) {
        int count = differences.size();
        String named = differences.stream().limit(NAMED).map(Difference::toString).collect(Collectors.joining("; "));
        return count + (count == 1 ? " " + what + " is" : " " + what + "s are") + " not as expected (of "
                + document.values().size() + "): " + named + (count > NAMED ? "; and " + (count - NAMED) + " more" : "");
    }

    /** Spring hides all values unless told otherwise; then nothing was compared, and that must not look well. */
    private static void tellHidden(Document document, Report.Builder report) {
        boolean hidden = !document.values().isEmpty()
                && document.values().values().stream().allMatch(ActuatorEnv.HIDDEN::equals);
        if (hidden) {
            report.degraded(
                    Cause.CONTENT_MISMATCH,
                    "the target hides all " + document.values().size()
                            + " values (" + ActuatorEnv.HIDDEN + "), so that only their names could be compared; set"
                            + " management.endpoint.env.show-values there");
        }
    }
}
