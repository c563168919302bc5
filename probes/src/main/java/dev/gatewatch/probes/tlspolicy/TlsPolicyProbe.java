package dev.gatewatch.probes.tlspolicy;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Attempt;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.starttls.StartTls;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.Handshake;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes all offers, judges the answers by the policy, and makes one whole handshake where the JDK speaks a version that was accepted.
 * Immutable.
 *
 * @param settings for the whole handshake
 */
record TlsPolicyProbe(
        Connector connector, HostPort at, Optional<StartTls> startTls, TlsSettings settings, Policy policy)
        implements Probe {
    @Override
    public String target() {
        return at.toString();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        Optional<Connection> connected = connector.connect(at, run.deadline(), report);
        if (connected.isPresent()) {
            Offering offering;
            try (Connection connection = connected.get()) {
                offering = new Offering(connector, at.host(), connection.remote(), startTls, serverName(), run.deadline());
            }
            survey(offering, run, report);
        }
        return report.build();
    }

    /** The name to send; none for an address, which must not be sent as a name (RFC 6066 section 3). */
    private Optional<String> serverName() {
        String name = settings.nameFor(at.host());
        try {
            InetAddress.ofLiteral(name);
            return Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.of(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
        }
    }

    private void survey(Offering offering, Run run, Report.Builder report) throws InterruptedIOException {
        long start = System.nanoTime();
        var survey = new Survey();
        Optional<Answer.Unconnected> ended = survey.make(offering, policy);
        Map<String, List<String>> weakSuites = ended.isEmpty() ? weakSuites(survey, offering) : Map.of();
        report.phase(TlsPolicyProbeType.OFFERS_PHASE, Duration.ofNanos(System.nanoTime() - start));
        facts(survey, report);
        Duration timeout = run.deadline().timeout();
        if (ended.isPresent()) {
            Failure failure = ended.get().failure();
            String when = survey.answers().isEmpty() ? "" : "after " + survey.answers().size() + " offers: ";
            new Failure(failure.cause(), when + failure.message()).tell(report);
        } else if (!survey.speaksTls()) {
            Verdict.noTls(survey, timeout).tell(report);
        } else {
            Verdict.against(policy, survey, weakSuites, timeout).forEach(f -> f.tell(report));
            handshake(survey, offering, run, report);
        }
        if (!survey.answers().isEmpty()) {
            report.evidence("offers", Verdict.table(policy, survey));
        }
        if (!weakSuites.isEmpty()) {
            report.evidence("accepted suites that must be refused", String.join("\n", lines(weakSuites)));
        }
    }

    private static List<String> lines(Map<String, List<String>> suites) {
        return suites.entrySet().stream()
                .map(e -> e.getKey() + ": " + String.join(" ", e.getValue()))
                .toList();
    }

    /** All suites of the groups that are accepted and must not be. */
    private Map<String, List<String>> weakSuites(Survey survey, Offering offering) throws InterruptedIOException {
        var weak = new LinkedHashMap<String, List<String>>();
        for (Map.Entry<Offer, Answer> entry : survey.answers().entrySet()) {
            Offer offer = entry.getKey();
            if (!offer.ofVersion()
                    && policy.refuse().contains(offer.name())
                    && entry.getValue() instanceof Answer.Accepted accepted) {
                weak.put(offer.name(), Survey.accepted(offer, accepted, offering));
            }
        }
        return weak;
    }

    private void facts(Survey survey, Report.Builder report) {
        survey.answers().forEach((offer, answer) -> {
            if (!(answer instanceof Answer.Unasked)) {
                report.fact(TlsPolicyProbeType.OFFERED + "." + offer.name(), answer instanceof Answer.Accepted);
            }
        });
        report.fact(
                TlsPolicyProbeType.WEAK,
                survey.answers().entrySet().stream()
                        .filter(e -> e.getValue() instanceof Answer.Accepted)
                        .filter(e -> policy.refuse().contains(e.getKey().name()))
                        .count());
        Verdict.leastDhBits(survey).ifPresent(bits -> report.fact(TlsPolicyProbeType.DH_BITS, bits.longValue()));
        survey.best().ifPresent(best ->
                ChainFacts.negotiated(report, best.version().display(), Suite.nameOf(best.suite())));
    }

    /** A whole handshake shows that an accepted offer also leads somewhere, and the certificate. */
    private void handshake(Survey survey, Offering offering, Run run, Report.Builder report)
            throws InterruptedIOException {
        boolean possible = survey.answer("tls13").filter(Answer.Accepted.class::isInstance).isPresent()
                || survey.answer("tls12").filter(Answer.Accepted.class::isInstance).isPresent();
        if (!possible || run.deadline().passed()) {
            return;
        }
        Attempt attempt =
                connector.attempt(at.host(), offering.to(), run.deadline().leftMillis(), run.deadline());
        if (attempt.connection().isEmpty()) {
            report.evidence("whole handshake", attempt.failure().orElseThrow().message());
            return;
        }
        TlsRun tls = settings.beginWatching(at.host(), run.clock().instant());
        try (Connection connection = attempt.connection().get()) {
            Optional<Failure> failure = startTls.isPresent() ? startTls.get().over(connection) : Optional.empty();
            if (failure.isEmpty()) {
                failure = Handshake.over(connection, tls, report).failure();
            }
            failure.ifPresent(f -> tellHandshake(f, report));
        }
        tls.recorder().seen().ifPresent(seen -> seen.verdict().faults().stream()
                .filter(fault -> fault.cause() == Cause.CERT_WEAK)
                .forEach(fault -> fault.tell(report)));
    }

    /** The server's own doing counts; what the JDK or a missing client certificate stops at does not concern the policy. */
    private static void tellHandshake(Failure failure, Report.Builder report) {
        if (failure.cause() == Cause.CONNECTION_RESET || failure.cause() == Cause.TLS_HANDSHAKE) {
            report.fail(failure.cause(), "the server accepts an offer, and then: " + failure.message());
        } else {
            report.evidence("whole handshake", failure.cause().code() + ": " + failure.message());
        }
    }
}
