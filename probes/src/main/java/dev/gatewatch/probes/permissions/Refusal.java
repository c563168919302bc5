package dev.gatewatch.probes.permissions;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.net.Failure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells an answer that lacks a right from one that lacks a good credential, by status, header and error code. Pure functions.
 */
final class Refusal {
    private static final Set<String> RIGHTS = Set.of(
            "accessdenied",
            "accessdeniedexception",
            "accessdeniederror",
            "accessforbidden",
            "authorizationfailed",
            "authorizationfailure",
            "authorizationerror",
            "authorizationerrorexception",
            "unauthorizedoperation",
            "unauthorizedaccess",
            "notauthorized",
            "notauthorizedexception",
            "permissiondenied",
            "nopermission",
            "forbidden",
            "forbiddenexception",
            "forbiddenram",
            "insufficientscope",
            "insufficientpermission",
            "insufficientpermissions",
            "insufficientprivileges",
            "insufficientrights",
            "operationnotpermitted",
            "authfailureunauthorizedoperation");
    private static final Set<String> EXPIRED =
            Set.of("expiredtoken", "expiredtokenexception", "tokenexpired", "requestexpired", "securitytokenexpired");
    private static final Set<String> MISSING =
            Set.of("missingauthenticationtoken", "missingauthenticationtokenexception", "missingsecurityheader");
    private static final Set<String> REJECTED = Set.of(
            "invalidaccesskeyid",
            "invalidclienttokenid",
            "invalidtoken",
            "invalidsignature",
            "invalidsignatureexception",
            "signaturedoesnotmatch",
            "incompletesignature",
            "unrecognizedclientexception",
            "authfailure",
            "authfailuresignaturefailure",
            "invalidaccesskeyidnotfound");

    private Refusal() {}

    /**
     * What an answer says about rights; nothing where it is about something else.
     *
     * @param statuses that mean a lack of rights
     * @param known whether the identity showed a credential
     */
    static Optional<Answered> of(Answer answer, List<Integer> statuses, boolean known) {
        Optional<ServiceError> error = ServiceError.of(answer);
        boolean failed = answer.status() >= 400;
        String word = error.filter(e -> failed || e.inError())
                .map(e -> e.code().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""))
                .orElse("");
        String shown = answer.statusLine() + error.map(e -> " " + e.shown()).orElse("");
        if (EXPIRED.contains(word)) {
            return unclear(Cause.TOKEN_EXPIRED, shown + "; the credential is expired");
        }
        if (MISSING.contains(word) && !known) {
            return Optional.of(new Answered.Denied(shown));
        }
        if (REJECTED.contains(word) || MISSING.contains(word)) {
            return unclear(Cause.CREDENTIAL_REJECTED, shown + "; the credential was rejected");
        }
        boolean insufficient = String.join(",", answer.headers().values("WWW-Authenticate"))
                .toLowerCase(Locale.ROOT)
                .contains("insufficient_scope");
        boolean refused = RIGHTS.contains(word)
                || insufficient
                || statuses.contains(answer.status())
                // a stranger is asked who it is
                || (answer.status() == 401 && !known);
        return refused
                ? Optional.of(new Answered.Denied(shown + (insufficient ? " (insufficient_scope)" : "")))
                : Optional.empty();
    }

    private static Optional<Answered> unclear(Cause cause, String message) {
        return Optional.of(new Answered.Unclear(new Failure(cause, message)));
    }
}
