package dev.gatewatch.probes.instances;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import tools.jackson.databind.JsonNode;

/**
 * A list of instances that a registry gives over HTTP. Immutable.
 *
 * @param request what to ask it
 * @param settings how to get there
 * @param format how it answers
 */
record Registry(HttpRequest request, ClientSettings settings, RegistryFormat format) {
    /** What an answer with more instances than this is: not a registry's. */
    private static final int MOST = 1_000;

    /**
     * The instances that are registered and up.
     *
     * @throws ProbeFailure when the registry cannot be asked, or answers something else
     */
    SequencedSet<HostPort> ask(HttpSession session) throws ProbeFailure, InterruptedIOException {
        Answer answer = session.send(request);
        if (answer.status() == 404) {
            throw failure(Cause.INSTANCE_MISSING, "the registry knows no such service (404 for " + request.target() + ")");
        }
        if (answer.status() < 200 || answer.status() > 299) {
            throw new ProbeFailure(refused(answer, session.run().clock().instant()));
        }
        JsonNode document;
        try {
            document = Json.parse(answer.body().bytes().toByteArray());
        } catch (Json.Invalid e) {
            throw failure(Cause.JSON_INVALID, "the registry's answer is not JSON: " + e.getMessage());
        }
        var found = new LinkedHashSet<HostPort>();
        try {
            for (HostPort instance : format.instances(document)) {
                if (found.size() == MOST) {
                    throw failure(Cause.BODY_TOO_LARGE, "the registry lists more than " + MOST + " instances");
                }
                found.add(instance);
            }
        } catch (RegistryFormat.Unexpected e) {
            throw failure(Cause.CONTENT_MISMATCH, "the registry's answer has " + e.getMessage());
        }
        return found;
    }

    private static Failure refused(Answer answer, Instant now) {
        Failure general = AnswerJudge.otherStatus(answer, 200, now);
        // Consul says no more than that of a token that is missing or wrong
        boolean bare = answer.status() == 403 && general.cause() == Cause.HTTP_STATUS;
        Cause ofToken = answer.credentialSent() ? Cause.CREDENTIAL_REJECTED : Cause.CREDENTIAL_MISSING;
        return new Failure(
                bare ? ofToken : general.cause(), "the registry does not give its list: " + general.message());
    }

    private static ProbeFailure failure(Cause cause, String message) {
        return new ProbeFailure(new Failure(cause, message));
    }
}
