package dev.gatewatch.probes.permissions;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.identity.Lanes;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** One configured permissions probe: tries every cell of its matrix. Immutable, safe for many threads. */
final class PermissionsProbe implements Probe {
    static final String PHASE = "matrix";

    private final String target;
    private final List<Cell> cells;
    private final List<Integer> refused;
    private final int concurrency;
    private final ClientSettings settings;
    private final List<Secret> secrets;

    PermissionsProbe(
            String target,
            List<Cell> cells,
            List<Integer> refused,
            int concurrency,
            ClientSettings settings,
            List<Secret> secrets) {
        this.target = target;
        this.cells = List.copyOf(cells);
        this.refused = List.copyOf(refused);
        this.concurrency = concurrency;
        this.settings = settings;
        this.secrets = List.copyOf(secrets);
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        long start = System.nanoTime();
        var redaction = new Redaction(secrets);
        var done = new AtomicReferenceArray<MatrixVerdict.Tried>(cells.size());
        var next = new AtomicInteger();
        Lanes.run(Math.min(concurrency, cells.size()), () -> {
            for (int i = next.getAndIncrement(); i < cells.size() && !run.deadline().passed(); i = next.getAndIncrement()) {
                done.set(i, tried(cells.get(i), run, redaction));
            }
        });
        var all = new ArrayList<MatrixVerdict.Tried>();
        for (int i = 0; i < cells.size(); i++) {
            MatrixVerdict.Tried tried = done.get(i);
            all.add(tried != null ? tried : untried(cells.get(i), run));
        }
        var report = Report.builder();
        report.phase(PHASE, Duration.ofNanos(System.nanoTime() - start));
        MatrixVerdict.tell(all, report);
        return report.build();
    }

    private MatrixVerdict.Tried tried(Cell cell, Run run, Redaction redaction) throws InterruptedIOException {
        long start = System.nanoTime();
        Answered answered;
        var scratch = Report.builder();
        try (var session = HttpSession.of(settings, redaction, run, scratch)) {
            HttpRequest request = cell.identity().of(cell.action().request());
            // a redirect is an answer: followed, the page of a login would look like success
            answered = judged(cell, session.send(request, _ -> true), session, scratch);
        } catch (ProbeFailure e) {
            answered = new Answered.Unclear(new Failure(e.failure().cause(), redaction.line(e.failure().message())));
        }
        return new MatrixVerdict.Tried(cell, answered, Optional.of(Duration.ofNanos(System.nanoTime() - start)));
    }

    private Answered judged(Cell cell, Answer answer, HttpSession session, Report.Builder scratch) {
        boolean known = cell.identity().hasCredential();
        Optional<Answered> about = Refusal.of(answer, refused, known);
        if (about.isPresent() && !isStrangerInvited(cell, answer, known)) {
            return redacted(about.get(), session.redaction());
        }
        AnswerJudge.judge(cell.action().expect(), settings.requiredVersions(), answer, session);
        Report judged = scratch.build();
        // a slow answer, or one that is near its quota, was given all the same
        return judged.outcome() == Outcome.PASS || judged.outcome() == Outcome.DEGRADED
                ? new Answered.Allowed(answer.statusLine())
                : new Answered.Unclear(new Failure(judged.cause().orElseThrow(), judged.message()));
    }

    /** Whoever may come without a credential and is asked for one lacks no right, but the credential. */
    private static boolean isStrangerInvited(Cell cell, Answer answer, boolean known) {
        return cell.expectedAllowed() && !known && answer.status() == 401;
    }

    private static Answered redacted(Answered answered, Redaction redaction) {
        return switch (answered) {
            case Answered.Allowed(String shown) -> new Answered.Allowed(redaction.line(shown));
            case Answered.Denied(String shown) -> new Answered.Denied(redaction.line(shown));
            case Answered.Unclear(Failure f) -> new Answered.Unclear(new Failure(f.cause(), redaction.line(f.message())));
        };
    }

    private static MatrixVerdict.Tried untried(Cell cell, Run run) {
        var failure = new Failure(
                Cause.RESPONSE_TIMEOUT,
                "not tried: the others took all of " + Durations.format(run.deadline().timeout()));
        return new MatrixVerdict.Tried(cell, new Answered.Unclear(failure), Optional.empty());
    }
}
