package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.Optional;

/** Sends the requests of one client and reads the answers. Immutable, safe for many threads. */
final class TokenFlow {
    private final OAuthClient client;
    private final TokenRequests requests;

    TokenFlow(OAuthClient client) {
        this.client = client;
        this.requests = new TokenRequests(client);
    }

    /** Asks by the configured grant; one of a refresh token with the configured one. */
    GrantResult first(HttpSession session) throws InterruptedIOException {
        Instant now = session.run().clock().instant();
        return ask(session, requests.first(now), now);
    }

    /** Asks by a refresh token. */
    GrantResult refresh(HttpSession session, Secret token) throws InterruptedIOException {
        Instant now = session.run().clock().instant();
        return ask(session, requests.refresh(token, now), now);
    }

    private GrantResult ask(HttpSession session, TokenRequests.Made made, Instant now) throws InterruptedIOException {
        hide(session, made);
        GrantResult result;
        try {
            // never redirected: the form holds credentials, and a token endpoint answers by itself
            Answer answer = session.send(made.request(), _ -> true);
            if (answer.status() / 100 == 2) {
                TokenMask.mask(answer, session.redaction());
            }
            result = TokenAnswer.read(answer, client.auth().proves(), now);
        } catch (ProbeFailure e) {
            result = new GrantResult.Refused(down("token endpoint " + client.endpoint(), e.failure()), Optional.empty());
        }
        return switch (result) {
            case GrantResult.Granted granted -> {
                session.redaction().also(granted.token().access());
                granted.token().refresh().ifPresent(session.redaction()::also);
                yield granted;
            }
            case GrantResult.Refused(Failure failure, var retryAfter) ->
                new GrantResult.Refused(
                        new Failure(failure.cause(), session.redaction().line(failure.message())), retryAfter);
        };
    }

    /** An introspection request, with its secrets hidden. */
    Answer introspect(HttpSession session, Introspection introspection, Secret token)
            throws ProbeFailure, InterruptedIOException {
        Instant now = session.run().clock().instant();
        var made = requests.introspect(introspection.url(), introspection.hiddenUrl(), token, now);
        hide(session, made);
        return session.send(made.request(), _ -> true);
    }

    private static void hide(HttpSession session, TokenRequests.Made made) {
        made.request().secrets().forEach(session.redaction()::also);
        made.form().forEach((name, value) -> {
            if (name.endsWith("assertion") || name.endsWith("token")) {
                session.redaction().also(value);
            }
        });
    }

    /** What keeps us from an endpoint; our own faults and questions of client certificates keep their names. */
    static Failure down(String endpoint, Failure failure) {
        boolean exact = failure.cause().causeClass() == CauseClass.OWN_SIDE
                || failure.cause() == Cause.CLIENT_CERT_REQUIRED
                || failure.cause() == Cause.CLIENT_CERT_REJECTED;
        Cause cause =
                switch (failure.cause()) {
                    case BODY_TOO_LARGE, CONTENT_MISMATCH -> Cause.TOKEN_MALFORMED;
                    default -> exact ? failure.cause() : Cause.TOKEN_ENDPOINT_DOWN;
                };
        return new Failure(cause, "the " + endpoint + " gives no answer: " + failure.cause().code() + ": " + failure.message());
    }
}
