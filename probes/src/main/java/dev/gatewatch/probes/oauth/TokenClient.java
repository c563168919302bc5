package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gets tokens for one client, and keeps what its grants leave behind: the chain of its refresh tokens. Safe for many threads.
 */
final class TokenClient {
    private static final Set<Cause> GRANT_REFUSED = EnumSet.of(Cause.TOKEN_REFUSED, Cause.TOKEN_EXPIRED);

    private final OAuthClient client;
    private final TokenFlow flow;
    private final Optional<RefreshChain> chain;
    /** A refresh token that two requests use at once is taken for a stolen one. */
    private final Semaphore refreshing = new Semaphore(1, true);

    private final AtomicLong requests = new AtomicLong();

    /**
     * A client.
     *
     * @param name to remember its refresh tokens under
     */
    TokenClient(String name, OAuthClient client) {
        this.client = client;
        this.flow = new TokenFlow(client);
        this.chain = client.grant() instanceof Grant.RefreshToken(Secret configured)
                ? Optional.of(new RefreshChain(name, configured))
                : Optional.empty();
    }

    OAuthClient client() {
        return client;
    }

    TokenFlow flow() {
        return flow;
    }

    /** How many token requests were sent so far. */
    long requests() {
        return requests.get();
    }

    /** A new token, by the configured grant. */
    GrantResult obtain(HttpSession session) throws InterruptedIOException {
        if (chain.isEmpty()) {
            requests.incrementAndGet();
            return flow.first(session);
        }
        try {
            if (!refreshing.tryAcquire(session.run().deadline().left().toNanos(), TimeUnit.NANOSECONDS)) {
                return new GrantResult.Refused(
                        new Failure(
                                Cause.TOKEN_ENDPOINT_DOWN,
                                "another request with the same refresh token was not over within "
                                        + Durations.format(session.run().deadline().timeout())),
                        Optional.empty());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a turn to use the refresh token");
        }
        try {
            return next(session, chain.get());
        } finally {
            refreshing.release();
        }
    }

    private GrantResult next(HttpSession session, RefreshChain tokens) throws InterruptedIOException {
        Secret last = tokens.current(session.run().memory());
        GrantResult result = renew(session, last, tokens);
        // what we remember may be older than what another daemon was given; the configured one may be new
        if (result instanceof GrantResult.Refused(Failure failure, _)
                && GRANT_REFUSED.contains(failure.cause())
                && tokens.restart(last, session.run().memory())) {
            session.report().evidence("remembered refresh token", failure.message() + "; trying the configured one");
            return renew(session, tokens.current(session.run().memory()), tokens);
        }
        return result;
    }

    private GrantResult renew(HttpSession session, Secret token, RefreshChain tokens) throws InterruptedIOException {
        GrantResult result = refresh(session, token);
        if (result instanceof GrantResult.Granted(Token granted)) {
            granted.refresh()
                    .filter(next -> !next.equals(token))
                    .ifPresent(next -> tokens.rotated(next, granted.obtained(), session.run().memory()));
        }
        return result;
    }

    /** A new token, by a refresh token that this client was given. */
    GrantResult refresh(HttpSession session, Secret token) throws InterruptedIOException {
        requests.incrementAndGet();
        return flow.refresh(session, token);
    }

    /** Whether its grant is that of a refresh token. */
    boolean livesByRefresh() {
        return chain.isPresent();
    }

    /** The refresh token that is good now, for a client that lives by one. */
    Optional<Secret> refreshToken(Memory memory) {
        return chain.map(c -> c.current(memory));
    }

    /** Lets a series remember the refresh token, so that a restart does not lose it. */
    void remember(Memory memory) {
        chain.ifPresent(c -> c.share(memory));
    }
}
