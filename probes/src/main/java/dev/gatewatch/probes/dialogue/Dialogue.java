package dev.gatewatch.probes.dialogue;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import dev.gatewatch.probes.tls.TlsFailures;
import dev.gatewatch.probes.tls.TlsRun;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The steps of one run, taken in turn over one connection. Confined to the run's thread. */
public final class Dialogue {
    /** The phase that its steps are reported as. */
    public static final String PHASE = "dialogue";

    private static final String FAILED_DUE_TO_REGEX = "failed_due_to_regex";
    private static final String FAILED_DUE_TO_BYTES = "failed_due_to_bytes";
    private static final String LABEL = "expect";

    /** The facts that it reports, under blackbox_exporter's metric names. */
    public static final List<FactSpec> SPECS = List.of(
            FactSpec.gauge(
                    FAILED_DUE_TO_REGEX,
                    "probe_failed_due_to_regex",
                    "Whether the peer came to its end, and an expression of the dialogue had not matched by then."),
            FactSpec.gauge(
                    FAILED_DUE_TO_BYTES,
                    "probe_failed_due_to_bytes",
                    "Whether the peer sent other bytes than the dialogue expects."),
            FactSpec.infoFamily(
                    LABEL, "probe_expect_info", "What the dialogue's labels kept of the matches, by label."));

    /** As much of an unexpected text as a message quotes. */
    private static final int QUOTED = 80;

    private static final int QUOTED_BYTES = 16;

    private final List<Step> steps;
    private final Connection connection;
    private final Optional<TlsRun> tls;
    private final Report.Builder report;
    private final Received received = new Received();
    private Captures captures = Captures.NONE;

    /** Whether no more words will come, or none will be looked at, and the last expectation was not among them. */
    private boolean ended;

    /**
     * A dialogue.
     *
     * @param tls what TLS on this connection saw, for alerts that come late
     * @param report takes phase, facts, evidence and failure
     */
    public Dialogue(List<Step> steps, Connection connection, Optional<TlsRun> tls, Report.Builder report) {
        this.steps = List.copyOf(steps);
        this.connection = connection;
        this.tls = tls;
        this.report = report;
    }

    /** Switches the connection to TLS; nothing after it told the report why it could not. */
    @FunctionalInterface
    public interface Upgrade {
        Optional<Socket> start() throws InterruptedIOException;
    }

    /** What is wrong with the steps as a whole, in words for the configuration's writer; empty for good ones. */
    public static List<String> problems(List<Step> steps) {
        var problems = new ArrayList<String>();
        var named = new HashSet<String>();
        Set<String> numbered = Set.of();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (!step.captures().isEmpty()) {
                numbered = Set.copyOf(step.captures());
                named.addAll(step.captures().stream().filter(n -> !Character.isDigit(n.charAt(0))).toList());
            }
            for (Template template : templates(step)) {
                for (String name : template.references()) {
                    if (!numbered.contains(name) && !named.contains(name)) {
                        problems.add("step " + (i + 1) + " uses ${" + name + "}, and no expect up to there captures it");
                    }
                }
            }
        }
        if (steps.stream().filter(Step::startTls).count() > 1) {
            problems.add("TLS can start only once, and two steps say starttls");
        }
        return problems;
    }

    private static List<Template> templates(Step step) {
        var all = new ArrayList<>(step.labels().values());
        step.send().ifPresent(all::add);
        return all;
    }

    /**
     * Takes all steps; what goes wrong is told to the report.
     *
     * @return the socket that the last step spoke through; nothing after a failure
     */
    public Optional<Socket> run(Socket first, Upgrade upgrade) throws InterruptedIOException {
        begin(report);
        Socket socket = first;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Optional<Failure> failure = take(step, socket, "step " + (i + 1) + " of the dialogue");
            if (failure.isPresent()) {
                failed(step, failure.get());
                return Optional.empty();
            }
            if (step.startTls()) {
                Optional<Socket> secured = upgrade.start();
                if (secured.isEmpty()) {
                    evidence();
                    return Optional.empty();
                }
                received.clear();
                socket = secured.get();
            }
        }
        return Optional.of(socket);
    }

    /** What blackbox_exporter exports of a connection also without a dialogue. */
    public static void begin(Report.Builder report) {
        report.fact(FAILED_DUE_TO_REGEX, false);
        report.fact(FAILED_DUE_TO_BYTES, false);
    }

    private void failed(Step step, Failure failure) {
        boolean bytes = step.expect().filter(Expectation.Exact.class::isInstance).isPresent();
        if (bytes && failure.cause() == Cause.CONTENT_MISMATCH) {
            report.fact(FAILED_DUE_TO_BYTES, true);
        } else if (ended && !bytes) {
            report.fact(FAILED_DUE_TO_REGEX, true);
        }
        failure.tell(report);
        evidence();
    }

    private Optional<Failure> take(Step step, Socket socket, String doing) throws InterruptedIOException {
        long start = System.nanoTime();
        try {
            if (step.expect().isPresent()) {
                Optional<Failure> missing = await(step.expect().get(), socket, doing);
                if (missing.isPresent()) {
                    return missing;
                }
                for (Map.Entry<String, Template> label : step.labels().entrySet()) {
                    String value = new String(label.getValue().render(captures), StandardCharsets.UTF_8);
                    report.fact(LABEL + "." + label.getKey(), masked(value));
                }
            }
            if (step.send().isPresent()) {
                socket.getOutputStream().write(step.send().get().render(captures));
                socket.getOutputStream().flush();
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(connection.failure(e, timedOut(step, doing), x -> cut(x, doing)));
        } finally {
            report.phase(PHASE, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private Failure cut(IOException e, String doing) {
        return tls.flatMap(run -> TlsFailures.afterHandshake(e, run))
                .orElseGet(() -> NetFailures.read(e, "taking " + doing, connection.deadline().elapsed()));
    }

    private Optional<Failure> await(Expectation wanted, Socket socket, String doing) throws IOException {
        while (true) {
            if (wanted instanceof Expectation.Exact exact) {
                switch (received.compare(exact)) {
                    case SAME -> {
                        return Optional.empty();
                    }
                    case OTHER -> {
                        return Optional.of(mismatch(wanted, doing, "next"));
                    }
                    case TOO_FEW -> {}
                }
            } else if (found(wanted, false)) {
                return Optional.empty();
            }
            if (received.isFull()) {
                ended = true;
                return Optional.of(mismatch(wanted, doing, "within " + Received.MOST / 1024 + " kB"));
            }
            if (!received.readFrom(socket.getInputStream())) {
                if (found(wanted, true)) {
                    return Optional.empty();
                }
                ended = true;
                return Optional.of(
                        received.isEmpty()
                                ? new Failure(
                                        Cause.CONNECTION_RESET,
                                        "the peer closed the connection in " + doing + " without a word")
                                : mismatch(wanted, doing, "before the peer closed the connection"));
            }
        }
    }

    private boolean found(Expectation wanted, boolean ended) {
        Optional<Captures> match =
                switch (wanted) {
                    case Expectation.Line(var pattern) ->
                        ended ? received.findInRest(pattern) : received.findInLines(pattern);
                    case Expectation.Stream(var pattern) -> received.findInStream(pattern);
                    case Expectation.Exact _ -> Optional.empty();
                };
        match.ifPresent(m -> captures = m.after(captures));
        return match.isPresent();
    }

    private Failure timedOut(Step step, String doing) {
        String within = "within " + Durations.format(connection.deadline().timeout());
        return step.expect().isPresent() && received.hasUnmatched()
                ? mismatch(step.expect().get(), doing, within)
                : new Failure(Cause.RESPONSE_TIMEOUT, "nothing came " + within + " in " + doing);
    }

    private Failure mismatch(Expectation wanted, String doing, String when) {
        String seen = "";
        if (received.hasUnmatched()) {
            seen = ", got: "
                    + (wanted instanceof Expectation.Exact
                            ? received.unmatchedHex(QUOTED_BYTES)
                            : masked(received.unmatchedHead(QUOTED)));
        }
        boolean unended = wanted instanceof Expectation.Line && received.endsWithinLine();
        return new Failure(
                Cause.CONTENT_MISMATCH,
                "expected " + masked(wanted.describe()) + " " + when + " in " + doing + seen
                        + (unended ? " (a line without its end; expect_in: stream looks into such)" : ""));
    }

    private void evidence() {
        if (!received.isEmpty()) {
            report.evidence("received", masked(received.shown()));
        }
    }

    private String masked(String text) {
        String masked = text;
        for (Step step : steps) {
            for (Secret secret : step.secrets()) {
                masked = secret.maskedIn(masked);
            }
        }
        return masked;
    }
}
