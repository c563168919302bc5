package dev.gatewatch.sandbox;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;

/** The tokens that the sandbox has issued, the oldest forgotten first. Safe for many threads. */
final class Tokens {
    static final Duration ACCESS_LIFETIME = Duration.ofHours(1);
    static final Duration REFRESH_LIFETIME = Duration.ofDays(30);

    private static final int KEPT = 2000;

    /** What an access token is worth now. */
    enum Standing {
        GOOD,
        EXPIRED,
        UNKNOWN
    }

    /** An access token and the refresh token for its successor. */
    record Pair(String access, String refresh) {}

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock: token to end of life.
    private final SequencedMap<String, Instant> access = bounded();
    private final SequencedMap<String, Instant> refresh = bounded();

    Tokens(Clock clock) {
        this.clock = clock;
    }

    Pair issue() {
        Pair pair = new Pair(fresh("at_"), fresh("rt_"));
        Instant now = clock.instant();
        lock.lock();
        try {
            access.put(pair.access(), now.plus(ACCESS_LIFETIME));
            refresh.put(pair.refresh(), now.plus(REFRESH_LIFETIME));
        } finally {
            lock.unlock();
        }
        return pair;
    }

    /** A new pair for a refresh token, which is thereby used up (RFC 9700, section 4.14.2); nothing if it is not good. */
    Optional<Pair> renew(String refreshToken) {
        Instant end;
        lock.lock();
        try {
            end = refresh.remove(refreshToken);
        } finally {
            lock.unlock();
        }
        return end != null && clock.instant().isBefore(end) ? Optional.of(issue()) : Optional.empty();
    }

    Standing standing(String accessToken) {
        Instant end;
        lock.lock();
        try {
            end = access.get(accessToken);
        } finally {
            lock.unlock();
        }
        if (end == null) {
            return Standing.UNKNOWN;
        }
        return clock.instant().isBefore(end) ? Standing.GOOD : Standing.EXPIRED;
    }

    private String fresh(String prefix) {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static SequencedMap<String, Instant> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                return size() > KEPT;
            }
        };
    }
}
