package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.httpclient.TokenSource;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one token that all probes of a client share. It is renewed by a request of nobody's run, on a thread and with a time-out of its
 * own, so that no caller's deadline or interrupt spoils it for the others; at most one such request is under way. While a token is still
 * good, callers get it and do not wait. A failure is remembered for a while that grows, so that a broken endpoint is left alone. Safe
 * for many threads.
 */
final class SharedToken implements TokenSource {
    /** Renew this long before the end, or a tenth of the lifetime before it where that is shorter. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    /** Without a word from the server a token is taken for good until it is refused, or this long. */
    private static final Duration UNTOLD = Duration.ofHours(1);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** A server may ask for more patience than that of our own. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(15);

    /** A target that refuses every token must not make us ask for one at every run. */
    private static final Duration BETWEEN_REFUSALS = Duration.ofSeconds(10);

    private final TokenClient client;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private @Nullable Token held;
    private @Nullable CompletableFuture<GrantResult> flight;
    private @Nullable Trouble trouble;
    private @Nullable Instant refusedAt;
    private Clock clock = Clock.systemUTC();

    /** Failures in a row, the last of them, and until when it stands. */
    private record Trouble(Failure failure, int inARow, Instant since, Instant until) {}

    SharedToken(TokenClient client) {
        this.client = client;
    }

    @Override
    public Secret token(Run run) throws ProbeFailure, InterruptedIOException {
        return get(run).access();
    }

    /** As {@link #token}, with all that is known of it. */
    Token get(Run run) throws ProbeFailure, InterruptedIOException {
        client.remember(run.memory());
        Optional<Token> good;
        CompletableFuture<GrantResult> going;
        lock.lock();
        try {
            clock = run.clock();
            Instant now = clock.instant();
            good = Optional.ofNullable(held).filter(token -> !isOver(token, now));
            if (good.isPresent() && !isDue(good.get(), now)) {
                return good.get();
            }
            if (flight == null) {
                if (trouble != null && now.isBefore(trouble.until())) {
                    if (good.isPresent()) {
                        return good.get();
                    }
                    throw new ProbeFailure(remembered(trouble, now));
                }
                flight = begin(run);
            }
            going = flight;
            if (good.isPresent() && !isOver(good.get(), now.plus(run.deadline().left()))) {
                return good.get();
            }
        } finally {
            lock.unlock();
        }
        return await(run, going, good);
    }

    private Token await(Run run, CompletableFuture<GrantResult> going, Optional<Token> good)
            throws ProbeFailure, InterruptedIOException {
        GrantResult result;
        try {
            result = going.get(run.deadline().left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a token");
        } catch (TimeoutException _) {
            result = new GrantResult.Refused(
                    new Failure(
                            Cause.TOKEN_ENDPOINT_DOWN,
                            "the token endpoint " + client.client().endpoint() + " gave no token within "
                                    + Durations.format(run.deadline().timeout())),
                    Optional.empty());
        } catch (ExecutionException e) {
            throw new IllegalStateException("the token request failed by itself", e.getCause());
        }
        return switch (result) {
            case GrantResult.Granted(Token token) -> {
                client.remember(run.memory());
                yield token;
            }
            case GrantResult.Refused(Failure failure, _) -> {
                if (good.isPresent() && !isOver(good.get(), run.clock().instant())) {
                    yield good.get();
                }
                throw new ProbeFailure(failure);
            }
        };
    }

    @Override
    public void refused(Secret token) {
        lock.lock();
        try {
            Instant now = clock.instant();
            boolean again = refusedAt != null && now.isBefore(refusedAt.plus(BETWEEN_REFUSALS));
            if (held != null && held.access().equals(token) && !again) {
                held = null;
                refusedAt = now;
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many token requests were sent so far. */
    long requests() {
        return client.requests();
    }

    TokenClient client() {
        return client;
    }

    /** Sends the request that everybody waits for; called under the lock, which the request itself does not hold. */
    private CompletableFuture<GrantResult> begin(Run run) {
        var future = new CompletableFuture<GrantResult>();
        var own = new Run(
                run.series(), Deadline.after(client.client().timeout()), run.clock(), run.memory(), run.traceId());
        Thread.ofVirtual().name("token " + client.client().endpoint()).start(() -> fly(own, future));
        return future;
    }

    private void fly(Run run, CompletableFuture<GrantResult> future) {
        try {
            GrantResult result;
            var redaction = new Redaction(client.client().secrets());
            try (var session = HttpSession.of(client.client().settings(), redaction, run, Report.builder())) {
                result = client.obtain(session);
            }
            landed(result, run.clock().instant());
            future.complete(result);
        } catch (InterruptedIOException | RuntimeException | Error e) {
            landed(
                    new GrantResult.Refused(
                            new Failure(Cause.INTERNAL_ERROR, "asking for a token failed: " + e.getClass().getSimpleName()),
                            Optional.empty()),
                    run.clock().instant());
            future.completeExceptionally(e);
        }
    }

    private void landed(GrantResult result, Instant now) {
        lock.lock();
        try {
            flight = null;
            switch (result) {
                case GrantResult.Granted(Token token) -> {
                    held = token;
                    trouble = null;
                }
                case GrantResult.Refused(Failure failure, var retryAfter) -> {
                    int inARow = trouble == null ? 1 : trouble.inARow() + 1;
                    trouble = new Trouble(failure, inARow, now, now.plus(pause(inARow, retryAfter)));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long to leave the endpoint alone after so many failures in a row. */
    static Duration pause(int inARow, Optional<Duration> retryAfter) {
        Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(inARow - 1, 10));
        Duration own = grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE;
        Duration asked = retryAfter.orElse(Duration.ZERO);
        Duration bounded = asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
        return own.compareTo(bounded) > 0 ? own : bounded;
    }

    private Failure remembered(Trouble trouble, Instant now) {
        String ago = Durations.format(rounded(Duration.between(trouble.since(), now)));
        String left = Durations.format(rounded(Duration.between(now, trouble.until())));
        return new Failure(
                trouble.failure().cause(),
                trouble.failure().message() + " (" + ago + " ago; asked again in " + left + " at the earliest)");
    }

    private static Duration rounded(Duration d) {
        return Duration.ofSeconds(Math.max(1, (d.toMillis() + 999) / 1000));
    }

    private static Instant end(Token token) {
        return token.expiry().orElseGet(() -> token.obtained().plus(UNTOLD));
    }

    private static boolean isOver(Token token, Instant at) {
        return !at.isBefore(end(token));
    }

    private boolean isDue(Token token, Instant now) {
        return !now.isBefore(end(token).minus(ahead(token)));
    }

    private Duration ahead(Token token) {
        Duration lifetime = Duration.between(token.obtained(), end(token));
        Duration share = lifetime.dividedBy(10);
        Duration usual = share.compareTo(AHEAD) < 0 ? share : AHEAD;
        Duration half = lifetime.dividedBy(2);
        // a wish that is longer than the token lives would mean a request at every run
        return client.client().renewAhead().map(w -> w.compareTo(half) < 0 ? w : half).orElse(usual);
    }
}
