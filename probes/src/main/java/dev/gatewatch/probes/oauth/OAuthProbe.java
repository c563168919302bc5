package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.Phase;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One configured oauth probe. Immutable but for the token of its client, which is everybody's; safe for many threads.
 */
final class OAuthProbe implements Probe {
    private final SharedToken shared;
    private final TokenClient client;
    private final Mode mode;
    private final boolean refresh;
    private final Optional<Duration> minLifetime;
    private final List<String> scopes;
    private final Optional<Introspection> introspection;

    /** Whether each run gets a token of its own. */
    enum Mode {
        FULL,
        CACHED
    }

    OAuthProbe(
            SharedToken shared,
            Mode mode,
            boolean refresh,
            Optional<Duration> minLifetime,
            List<String> scopes,
            Optional<Introspection> introspection) {
        this.shared = shared;
        this.client = shared.client();
        this.mode = mode;
        this.refresh = refresh;
        this.minLifetime = minLifetime;
        this.scopes = List.copyOf(scopes);
        this.introspection = introspection;
    }

    @Override
    public String target() {
        return client.client().endpoint();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        var redaction = new Redaction(client.client().secrets());
        try (var session = HttpSession.of(client.client().settings(), redaction, run, report)) {
            try {
                Token token = mode == Mode.FULL ? full(session) : cached(session);
                introspect(session, token.access());
            } catch (ProbeFailure e) {
                e.failure().tell(report);
            }
            session.tellPhases();
            if (report.outcome() != Outcome.PASS && mode == Mode.FULL) {
                session.tellTranscript();
            }
        }
        return report.build();
    }

    private Token full(HttpSession session) throws ProbeFailure, InterruptedIOException {
        Optional<Secret> before = client.refreshToken(session.run().memory());
        long start = System.nanoTime();
        GrantResult result = client.obtain(session);
        OAuthFacts.got(session.report(), Duration.ofNanos(System.nanoTime() - start), 1);
        Token token = granted(result);
        OAuthFacts.skew(session.report(), token);
        before.ifPresent(b -> rotation(session, b, token));
        judge(session, token);
        if (!refresh) {
            return token;
        }
        Secret next = token.refresh()
                .or(() -> client.refreshToken(session.run().memory()))
                .orElseThrow(() -> new ProbeFailure(new Failure(
                        Cause.TOKEN_MALFORMED, "the token answer has no refresh_token, and refresh: true wants to use it")));
        return refreshed(session, next);
    }

    /** Uses the refresh token, as a client would when the token is over. */
    private Token refreshed(HttpSession session, Secret refreshToken) throws ProbeFailure, InterruptedIOException {
        GrantResult result = client.livesByRefresh() ? client.obtain(session) : client.refresh(session, refreshToken);
        OAuthFacts.refreshWorks(session.report(), result instanceof GrantResult.Granted);
        if (result instanceof GrantResult.Refused(Failure failure, _)) {
            throw new ProbeFailure(new Failure(
                    failure.cause(), "a token was granted, and its refresh token did not bring another: " + failure.message()));
        }
        Token token = granted(result);
        rotation(session, refreshToken, token);
        return token;
    }

    private Token cached(HttpSession session) throws ProbeFailure, InterruptedIOException {
        long start = System.nanoTime();
        try {
            Token token = shared.get(session.run());
            session.redaction().also(token.access());
            judge(session, token);
            return token;
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            session.report().phase(Phase.TOKEN.label(), took);
            OAuthFacts.got(session.report(), took, shared.requests());
        }
    }

    private static Token granted(GrantResult result) throws ProbeFailure {
        return switch (result) {
            case GrantResult.Granted(Token token) -> token;
            case GrantResult.Refused(Failure failure, _) -> throw new ProbeFailure(failure);
        };
    }

    private static void rotation(HttpSession session, Secret used, Token token) {
        OAuthFacts.rotated(
                session.report(), token.refresh().filter(next -> !next.equals(used)).isPresent());
    }

    private void judge(HttpSession session, Token token) {
        Instant now = session.run().clock().instant();
        OAuthFacts.token(session.report(), token, now, session.redaction());
        List<String> granted = token.scopes();
        List<String> missing =
                scopes.stream().filter(s -> !granted.isEmpty() && !granted.contains(s)).toList();
        if (!missing.isEmpty()) {
            session.report()
                    .fail(
                            Cause.PERMISSION_MISSING,
                            session.redaction()
                                    .line("the token lacks the " + (missing.size() == 1 ? "scope " : "scopes ")
                                            + String.join(" and ", missing) + "; granted: " + String.join(" ", granted)));
        }
        minLifetime.ifPresent(least -> {
            Optional<Duration> left = mode == Mode.FULL
                    ? token.lifetime()
                    : token.expiry().map(at -> Duration.ofSeconds(Duration.between(now, at).toSeconds()));
            if (left.isPresent() && left.get().compareTo(least) < 0) {
                session.report()
                        .degraded(
                                Cause.TOKEN_EXPIRED,
                                "the token lives " + Durations.format(left.get()) + (mode == Mode.CACHED ? " more" : "")
                                        + ", expected at least " + Durations.format(least));
            }
        });
    }

    private void introspect(HttpSession session, Secret token) throws InterruptedIOException {
        if (introspection.isEmpty()) {
            return;
        }
        try {
            Answer answer = client.flow().introspect(session, introspection.get(), token);
            Optional<Failure> wrong = Introspection.judge(answer, client.client().auth().proves());
            if (answer.status() == 200) {
                OAuthFacts.active(session.report(), wrong.isEmpty());
            }
            wrong.ifPresent(f -> new Failure(f.cause(), session.redaction().line(f.message())).tell(session.report()));
        } catch (ProbeFailure e) {
            Failure down = TokenFlow.down("introspection endpoint", e.failure());
            new Failure(down.cause(), session.redaction().line(down.message())).tell(session.report());
        }
    }
}
