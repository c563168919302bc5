package dev.gatewatch.probes.expect;

import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.UrlType;
import dev.gatewatch.probes.httpclient.Quota;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Why an answer has a status that was not expected: from status, headers and what the body says. Pure function. */
final class StatusVerdict {
    /** A body that says more than this is no health report. */
    private static final int LARGEST_REPORT = 256 * 1024;

    private static final Pattern LIMIT = Pattern.compile(
            "(?i)throttling|throttled|throttling_?exception|throttled_?exception|.*rate_?limit.*|.*rate_?exceeded.*|"
                    + "too_?many_?requests(_?exception)?|request_?limit_?exceeded|quota_?exceeded|slow_?down");
    private static final Pattern CREDENTIAL = Pattern.compile(
            "(?i)invalid_?access_?key_?id|invalid_?client_?token_?id|unrecognized_?client(_?exception)?|"
                    + "signature_?does_?not_?match|invalid_?signature(_?exception)?|invalid_?api_?key|auth_?failure");
    private static final Pattern PERMISSION = Pattern.compile(
            "(?i)access_?denied(_?exception)?|access_?denied_.*|permission_?denied|insufficient_?(scope|permissions?|privileges?)|"
                    + "unauthorized_?operation|not_?authorized(_?exception)?|forbidden|missing_?permissions?");

    private static final Pattern TOKEN_EXPIRED = Pattern.compile(
            "(?i)(token|jwt|bearer|session)[^.]{0,60}\\bexpired\\b|\\bexpired[ _-]?(access[ _-]?)?(token|jwt)|(token|jwt)[ _-]?expired|expired_?token");

    private StatusVerdict() {}

    static Failure of(Answer answer, List<StatusRange> expected, Instant now) {
        String seen = "status " + answer.status() + ", expected " + StatusRange.list(expected);
        Optional<HealthDocument> health = health(answer).filter(HealthDocument::isDown);
        if (health.isPresent() && answer.status() >= 500) {
            return new Failure(
                    Cause.HEALTH_DOWN,
                    seen + ": the health report says " + health.get().status()
                            + health.get().shown());
        }
        Optional<ErrorBody> error = ErrorBody.of(answer);
        String said = error.map(ErrorBody::shown).filter(s -> !s.isEmpty()).map(s -> ": " + s).orElse("");
        if (answer.status() == 429 || error.flatMap(ErrorBody::code).filter(StatusVerdict::isLimit).isPresent()) {
            return new Failure(Cause.RATE_LIMITED, seen + said + later(answer, now) + quota(answer, now));
        }
        return switch (answer.status()) {
            case 401 -> unauthorized(answer, seen + said, error);
            case 503 -> new Failure(Cause.SERVER_OVERLOADED, seen + said + later(answer, now));
            case 400, 403, 495, 496 -> clientCertificate(answer, seen)
                    .orElseGet(() -> refused(answer, seen, said, error));
            default -> refused(answer, seen, said, error);
        };
    }

    /** AWS says so with 400 and 503, others with 403. */
    private static boolean isLimit(String code) {
        return LIMIT.matcher(code).matches();
    }

    private static Failure refused(Answer answer, String seen, String said, Optional<ErrorBody> error) {
        boolean ofClient = answer.status() >= 400 && answer.status() < 500;
        if (!ofClient || error.isEmpty()) {
            return new Failure(Cause.HTTP_STATUS, seen + said + redirect(answer));
        }
        String code = error.get().code().orElse("");
        // AWS and its like answer all of these with 403 or 400
        if (answer.credentialSent() && TOKEN_EXPIRED.matcher(code).find()) {
            return new Failure(Cause.TOKEN_EXPIRED, seen + said + "; the token is expired");
        }
        if (CREDENTIAL.matcher(code).matches()) {
            return new Failure(Cause.CREDENTIAL_REJECTED, seen + said + "; the credential was rejected");
        }
        if (answer.status() == 403 && PERMISSION.matcher(code).matches()) {
            return new Failure(Cause.PERMISSION_MISSING, seen + said);
        }
        boolean invalid = answer.status() == 400 || answer.status() == 422;
        if (answer.status() == 403 && challenge(answer).contains("insufficient_scope")) {
            return new Failure(Cause.PERMISSION_MISSING, seen + said);
        }
        return new Failure(invalid ? Cause.REQUEST_INVALID : Cause.REQUEST_REFUSED, seen + said);
    }

    private static Failure unauthorized(Answer answer, String seen, Optional<ErrorBody> error) {
        if (!answer.credentialSent()) {
            return new Failure(
                    Cause.CREDENTIAL_MISSING,
                    seen
                            + (answer.credentialDropped()
                                    ? "; the credential is not sent to " + UrlType.origin(answer.url())
                                            + ", where a redirect leads"
                                    : "; no credential was sent"));
        }
        String challenge = challenge(answer);
        boolean byChallenge = challenge.contains("invalid_token") && challenge.contains("expired");
        boolean byBody = error.isPresent()
                && (TOKEN_EXPIRED.matcher(error.get().code().orElse("")).find()
                        || TOKEN_EXPIRED.matcher(error.get().message().orElse("")).find());
        return byChallenge || byBody
                ? new Failure(Cause.TOKEN_EXPIRED, seen + "; the token is expired")
                : new Failure(Cause.CREDENTIAL_REJECTED, seen + "; the credential was rejected");
    }

    /** nginx answers over HTTP what others say in the handshake. */
    private static Optional<Failure> clientCertificate(Answer answer, String seen) {
        String head = answer.head(1_024);
        if (answer.status() == 496 || head.contains("No required SSL certificate was sent")) {
            return Optional.of(new Failure(Cause.CLIENT_CERT_REQUIRED, seen + "; no client certificate was sent"));
        }
        if (answer.status() == 495 || head.contains("The SSL certificate error")) {
            return Optional.of(
                    new Failure(Cause.CLIENT_CERT_REJECTED, seen + "; the client certificate was rejected"));
        }
        return Optional.empty();
    }

    private static String challenge(Answer answer) {
        return String.join(", ", answer.headers().values("WWW-Authenticate")).toLowerCase(Locale.ROOT);
    }

    private static String later(Answer answer, Instant now) {
        OptionalDouble seconds = Quota.retryAfter(answer.headers(), now);
        return seconds.isPresent() ? "; retry after " + Math.round(seconds.getAsDouble()) + "s" : "";
    }

    private static String quota(Answer answer, Instant now) {
        Quota quota = Quota.of(answer.headers(), now);
        return quota.left().isPresent() ? "; " + quota.shown() : "";
    }

    private static String redirect(Answer answer) {
        String location = answer.headers().get("Location");
        if (location == null) {
            return "";
        }
        HttpUrl to = answer.url().resolve(location);
        return "; it redirects to " + (to == null ? location : UrlType.shown(to, false));
    }

    private static Optional<HealthDocument> health(Answer answer) {
        int size = answer.body().bytes().size();
        if (size > LARGEST_REPORT || answer.body().encoding().isPresent()) {
            return Optional.empty();
        }
        return answer.head(64).strip().startsWith("{")
                ? Json.tryParse(answer.body().bytes().toByteArray()).flatMap(HealthDocument::of)
                : HealthDocument.ofText(answer.text());
    }
}
