package dev.gatewatch.probes.tenants;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.identity.Lanes;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends the requests of a run, several at once, and looks into each answer for everybody's markers. Serves one run. */
final class Volley {
    private static final List<String> REQUEST_IDS =
            List.of("X-Request-Id", "Request-Id", "X-Correlation-Id", "X-Amzn-RequestId", "X-Trace-Id");

    private final TenantsConfig config;
    private final Run run;
    private final Redaction redaction;
    private final Findings findings;
    private final Set<Shot> underWay = ConcurrentHashMap.newKeySet();

    Volley(TenantsConfig config, Run run, Redaction redaction, Findings findings) {
        this.config = config;
        this.run = run;
        this.redaction = redaction;
        this.findings = findings;
    }

    /** Sends all, in their order, as long as there is time and the target does not ask for less. */
    void fire(List<Shot> shots) throws InterruptedIOException {
        var next = new AtomicInteger();
        Lanes.run(Math.min(config.concurrency(), shots.size()), () -> {
            try (var lane = new Lane()) {
                for (int i = next.getAndIncrement();
                        i < shots.size() && !run.deadline().passed() && !findings.limited();
                        i = next.getAndIncrement()) {
                    lane.fire(shots.get(i));
                }
            }
        });
    }

    /** One request after the other, over one connection where it is kept. Confined to its thread. */
    private final class Lane implements AutoCloseable {
        private @Nullable HttpSession kept;
        private String tenant = "";

        void fire(Shot shot) throws InterruptedIOException {
            underWay.add(shot);
            try {
                if (shot.connections() == Shot.Connections.FRESH) {
                    try (var session = HttpSession.of(config.settings(), redaction, run, Report.builder())) {
                        ask(session, shot);
                    }
                } else {
                    askKept(shot);
                }
            } catch (ProbeFailure e) {
                findings.failed(failure(e.failure(), shot));
                close();
            } finally {
                underWay.remove(shot);
            }
        }

        private void askKept(Shot shot) throws ProbeFailure, InterruptedIOException {
            boolean used = kept != null;
            try {
                ask(session(shot), shot);
            } catch (ProbeFailure e) {
                // the server may end a kept connection at any time; who sees that asks again over another
                if (!used || e.failure().cause() != Cause.CONNECTION_RESET || !isSafe(shot)) {
                    throw e;
                }
                close();
                ask(session(shot), shot);
            }
        }

        private boolean isSafe(Shot shot) {
            String method = config.requests().get(shot.request()).method();
            return method.equals("GET") || method.equals("HEAD");
        }

        private HttpSession session(Shot shot) {
            HttpSession session = kept;
            if (session == null) {
                session = HttpSession.keptAlive(config.settings(), redaction, run, Report.builder());
                kept = session;
            } else if (!tenant.equals(shot.tenant())) {
                session.forgetCookies();
            }
            tenant = shot.tenant();
            return session;
        }

        private void ask(HttpSession session, Shot shot) throws ProbeFailure, InterruptedIOException {
            HttpRequest request = config.tenant(shot.tenant()).identity().of(config.requests().get(shot.request()));
            long start = System.nanoTime();
            Answer answer = session.send(request, config.expect()::hasStatus);
            findings.answered(Duration.ofNanos(System.nanoTime() - start));
            boolean leaked = look(answer, shot);
            AnswerJudge.judge(config.expect(), config.settings().requiredVersions(), answer, session);
            Report judged = session.report().build();
            if (judged.outcome() == Outcome.FAIL || judged.outcome() == Outcome.BROKEN) {
                findings.failed(failure(new Failure(judged.cause().orElseThrow(), judged.message()), shot));
                close(); // its report keeps the first failure, and the next answer needs its own
            } else if (!leaked && config.tenant(shot.tenant()).marker().in(answer).isEmpty()) {
                findings.unmarked(failure(
                        new Failure(Cause.CONTENT_MISMATCH, "the answer (" + answer.statusLine() + ") lacks its own marker"), shot));
            }
        }

        @Override
        public void close() {
            if (kept != null) {
                kept.close();
                kept = null;
            }
        }
    }

    /** Whether another's marker is in it. */
    private boolean look(Answer answer, Shot shot) {
        boolean leaked = false;
        for (var other : config.tenants().entrySet()) {
            var sighting = other.getKey().equals(shot.tenant())
                    ? java.util.Optional.<Marker.Sighting>empty()
                    : other.getValue().marker().in(answer);
            if (sighting.isPresent()) {
                leaked = true;
                findings.leaked(new Findings.Leak(
                        shot,
                        other.getKey(),
                        redaction.line(sighting.get().where()),
                        evidence(answer, shot, other.getKey(), sighting.get())));
            }
        }
        return leaked;
    }

    private String evidence(Answer answer, Shot shot, String other, Marker.Sighting sighting) {
        String ids = REQUEST_IDS.stream()
                .filter(name -> answer.headers().get(name) != null)
                .map(name -> name + ": " + answer.headers().get(name))
                .collect(Collectors.joining(", "));
        String meanwhile = underWay.stream()
                .filter(s -> !s.equals(shot))
                .map(Shot::shown)
                .sorted()
                .limit(8)
                .collect(Collectors.joining("; "));
        HttpRequest request = config.requests().get(shot.request());
        return redaction.block("asked as: " + shot.shown() + "\nrequest: " + request.method() + " " + request.target()
                + "\nanswer: " + answer.statusLine() + (ids.isEmpty() ? "" : ", " + ids)
                + "\nheld: the marker of " + other + " in " + sighting.where()
                + "\nexcerpt: " + sighting.excerpt()
                + "\nunder way at that time: " + (meanwhile.isEmpty() ? "nothing else" : meanwhile));
    }

    private Failure failure(Failure failure, Shot shot) {
        return new Failure(failure.cause(), redaction.line(shot.shown() + ": " + failure.message()));
    }
}
