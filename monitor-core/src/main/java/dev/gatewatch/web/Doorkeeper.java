package dev.gatewatch.web;

import dev.gatewatch.web.ServerSettings.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the {@code Authorization} header who a caller is. Safe for many threads.
 *
 * <p>A token is taken as {@code Bearer}, and as the password of {@code Basic} with the token's name, so that a browser can use it too.
 * Secrets are compared as digests in constant time, and all of them each time.
 */
final class Doorkeeper {
    private final List<Known> known;
    private final FailureLimiter limiter;

    private static final class Known {
        private final Caller caller;
        private final byte[] secret;
        private final byte[] nameAndSecret;

        Known(Identity identity) {
            this.caller = new Caller(identity.name(), identity.role());
            this.secret = digest(identity.secret().reveal());
            this.nameAndSecret = digest(identity.name() + ":" + identity.secret().reveal());
        }
    }

    Doorkeeper(List<Identity> identities, FailureLimiter limiter) {
        this.known = identities.stream().map(Known::new).toList();
        this.limiter = limiter;
    }

    /**
     * The caller.
     *
     * @throws Refusal 401 for missing or wrong credentials, 429 after too many wrong ones from this address
     */
    Caller admit(@Nullable String authorization, String address) {
        if (known.isEmpty()) {
            return Caller.ANYBODY;
        }
        if (authorization == null) {
            throw unauthorized("this needs a user name and password, or a token");
        }
        Optional<Duration> wait = limiter.mustWait(address);
        if (wait.isPresent()) {
            long seconds = Math.max(1, wait.get().toSeconds());
            throw new Refusal(
                    429,
                    "too many wrong passwords or tokens from " + address + "; try again in " + seconds + " s",
                    Map.of("Retry-After", Long.toString(seconds)));
        }
        return identify(authorization).orElseThrow(() -> {
            limiter.failed(address);
            return unauthorized("unknown user name, password or token");
        });
    }

    private Optional<Caller> identify(String authorization) {
        int space = authorization.indexOf(' ');
        String scheme = space < 0 ? "" : authorization.substring(0, space);
        String credentials = authorization.substring(space + 1).strip();
        if (scheme.equalsIgnoreCase("Bearer")) {
            return match(credentials, k -> k.secret);
        }
        if (scheme.equalsIgnoreCase("Basic")) {
            try {
                String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
                return match(pair, k -> k.nameAndSecret);
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Optional<Caller> match(String given, Function<Known, byte[]> expected) {
        byte[] digest = digest(given);
        Caller found = null;
        for (Known k : known) {
            // goes through all of them: how long this takes must not tell which one it was
            if (MessageDigest.isEqual(expected.apply(k), digest)) {
                found = k.caller;
            }
        }
        return Optional.ofNullable(found);
    }

    private static Refusal unauthorized(String words) {
        return new Refusal(401, words, Map.of("WWW-Authenticate", "Basic realm=\"Gatewatch\", charset=\"UTF-8\""));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
