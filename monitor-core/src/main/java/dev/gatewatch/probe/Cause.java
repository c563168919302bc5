package dev.gatewatch.probe;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Why a run did not pass: the closed list. Its codes are label values, so there is no free text in them. */
public enum Cause {
    REQUEST_INVALID(
            CauseClass.REQUEST,
            "The target says that a field of the request is missing or malformed.",
            "Compare the request with the API contract; the named field and request id are in the evidence."),
    REQUEST_REFUSED(
            CauseClass.REQUEST,
            "The target refused a well-formed request for a reason of its own.",
            "Read the error code in the evidence and look it up in the target's documentation."),
    HTTP_STATUS(
            CauseClass.REQUEST,
            "The HTTP status is not among the expected ones.",
            "Look at the target's log for the time and trace id of this run."),
    CONTENT_MISMATCH(
            CauseClass.REQUEST,
            "The answer's body or headers are not as expected.",
            "Compare the body in the evidence with the expectation; a deploy may have changed it."),
    JSON_INVALID(
            CauseClass.REQUEST,
            "The body should be JSON and is not.",
            "Look at the body in the evidence; an error page or proxy may answer instead of the service."),
    BODY_TRUNCATED(
            CauseClass.REQUEST,
            "The connection ended before the announced length of the body.",
            "Check proxies and balancers between here and the target for time-outs and buffer limits."),
    BODY_TOO_LARGE(
            CauseClass.REQUEST,
            "The body is larger than allowed.",
            "Check whether the right address is probed; raise body_limit if it is."),
    REDIRECT_LIMIT(
            CauseClass.REQUEST,
            "More redirects than allowed, or a redirect loop.",
            "Follow the listed hops; two rules may point at each other."),
    HTTP_VERSION(
            CauseClass.REQUEST,
            "The target speaks another HTTP version than expected.",
            "Check the TLS ALPN and HTTP/2 settings of the front proxy."),
    CAPTURE_MISSING(
            CauseClass.REQUEST,
            "A value that later steps need was not in the answer.",
            "Compare the answer in the evidence with the capture's expression."),
    CALLBACK_MISSING(
            CauseClass.REQUEST,
            "The callback never arrived.",
            "Check that the gateway can reach the callback URL, and its delivery log."),
    CALLBACK_LATE(
            CauseClass.REQUEST,
            "The callback arrived after its time.",
            "Look at the gateway's callback queue."),
    ORDER_STUCK(
            CauseClass.REQUEST,
            "The order did not reach the wanted state in time.",
            "Look at the order's history and the queue between gateway and order service."),
    CERT_EXPIRED(
            CauseClass.ENVIRONMENT,
            "The certificate is past its end date.",
            "Renew and deploy the certificate now; clients already refuse it."),
    CERT_NOT_YET_VALID(
            CauseClass.ENVIRONMENT,
            "The certificate's start date is in the future.",
            "Check the clocks, then whether the wrong certificate was deployed."),
    CERT_EXPIRING(
            CauseClass.ENVIRONMENT,
            "The certificate ends soon.",
            "Renew it, and find out why the automatic renewal did not."),
    CERT_UNTRUSTED(
            CauseClass.ENVIRONMENT,
            "The chain does not lead to a trusted authority.",
            "Deploy the intermediate certificates, or add the issuing CA to the trust bundle."),
    CERT_SELF_SIGNED(
            CauseClass.ENVIRONMENT,
            "The certificate is signed by itself.",
            "Deploy a certificate of the expected CA; a default one may be served."),
    CERT_HOSTNAME(
            CauseClass.ENVIRONMENT,
            "The certificate is not for this host name.",
            "Deploy a certificate that names the host, or mend the SNI configuration."),
    CERT_REVOKED(
            CauseClass.ENVIRONMENT,
            "The issuer has revoked the certificate.",
            "Replace the certificate now and find out why it was revoked."),
    CERT_WEAK(
            CauseClass.ENVIRONMENT,
            "Key or signature of a certificate is too weak.",
            "Issue the certificate anew with a stronger key and SHA-256 or better."),
    CERT_CHANGED(
            CauseClass.ENVIRONMENT,
            "The certificate is another than before.",
            "If nobody deployed one, treat it as an incident."),
    OCSP_UNAVAILABLE(
            CauseClass.ENVIRONMENT,
            "The revocation status could not be had, neither from a responder nor from a list.",
            "Check that the OCSP responder or the revocation list's address is reachable."),
    OCSP_INVALID(
            CauseClass.ENVIRONMENT,
            "The OCSP answer or the revocation list is stale, forged or malformed.",
            "Check the responder and the server's stapling."),
    CRL_STALE(
            CauseClass.ENVIRONMENT,
            "The revocation list is past its next update.",
            "Ask the CA; its publication may have stopped."),
    KEYSTORE_UNREADABLE(
            CauseClass.ENVIRONMENT,
            "A key store or certificate file cannot be read.",
            "Check path, permission, type and password."),
    KEY_EXPOSED(
            CauseClass.ENVIRONMENT,
            "A private key can be read by others.",
            "Restrict its permissions (chmod 600) and consider replacing the key."),
    HEALTH_DOWN(
            CauseClass.ENVIRONMENT,
            "The target reports itself or a component as down.",
            "Look at the named component first."),
    CONFIG_DRIFT(
            CauseClass.ENVIRONMENT,
            "A setting differs from the reference or is forbidden.",
            "Bring the named keys in line with the reference."),
    VERSION_DRIFT(
            CauseClass.ENVIRONMENT,
            "A version differs from the reference.",
            "Deploy the pinned version, or move the reference on purpose."),
    INSTANCE_MISSING(
            CauseClass.ENVIRONMENT,
            "An expected instance is not there.",
            "Check the registry and whether the instance runs."),
    INSTANCE_UNEXPECTED(
            CauseClass.ENVIRONMENT,
            "An instance is there that should not be.",
            "Find out who started it; a stale registration may remain."),
    INSTANCE_UNHEALTHY(
            CauseClass.ENVIRONMENT,
            "One instance fails while others answer.",
            "Take the named instance out of rotation and look at its log."),
    CREDENTIAL_MISSING(
            CauseClass.IDENTITY,
            "The target asks for a credential and none was sent.",
            "Configure the credential for this call."),
    CREDENTIAL_REJECTED(
            CauseClass.IDENTITY,
            "The target rejected the credential.",
            "Check whether the key was rotated, expired or belongs to another environment."),
    TOKEN_EXPIRED(
            CauseClass.IDENTITY,
            "The access token is expired.",
            "Check the token's renewal and the clocks of both sides."),
    TOKEN_REFUSED(
            CauseClass.IDENTITY,
            "The token endpoint refused the grant.",
            "Check client id, secret, scopes and whether the refresh token was revoked."),
    TOKEN_MALFORMED(
            CauseClass.IDENTITY,
            "The token answer cannot be understood.",
            "Look at the answer in the evidence."),
    TOKEN_THROTTLED(
            CauseClass.IDENTITY,
            "The token endpoint limits requests.",
            "Cache tokens; do not fetch one per call."),
    TOKEN_ENDPOINT_DOWN(
            CauseClass.IDENTITY,
            "The token endpoint does not answer.",
            "Check the identity provider first; everything behind it will fail."),
    PERMISSION_MISSING(
            CauseClass.IDENTITY,
            "An identity lacks a right that it needs.",
            "Grant the named action, or use the right role."),
    PERMISSION_EXCESS(
            CauseClass.IDENTITY,
            "An identity may do what it must not.",
            "Take the right away now and check the audit log."),
    TENANT_LEAK(
            CauseClass.IDENTITY,
            "One tenant saw another's data.",
            "Treat as a security incident: stop the release, keep the evidence."),
    CLIENT_CERT_REQUIRED(
            CauseClass.IDENTITY,
            "The target asks for a client certificate and none was sent.",
            "Configure tls.cert and tls.key for this probe."),
    CLIENT_CERT_REJECTED(
            CauseClass.IDENTITY,
            "The target rejected the client certificate.",
            "Check its issuer, end date and whether the target trusts its CA."),
    DNS_NXDOMAIN(
            CauseClass.NETWORK,
            "The name does not exist.",
            "Check for a removed or mistyped record, and for the domain's own expiry."),
    DNS_SERVFAIL(
            CauseClass.NETWORK,
            "The resolver failed to answer (SERVFAIL).",
            "Check the authoritative servers and DNSSEC of the zone."),
    DNS_REFUSED(
            CauseClass.NETWORK,
            "The resolver refuses the question.",
            "Check the resolver's access list."),
    DNS_TIMEOUT(
            CauseClass.NETWORK,
            "The resolver did not answer in time.",
            "Check that the resolver is up and UDP and TCP port 53 are open."),
    DNS_NO_ADDRESS(
            CauseClass.NETWORK,
            "The name exists and has no address.",
            "Add the A or AAAA record that is missing."),
    DNS_MISMATCH(
            CauseClass.NETWORK,
            "The answers differ from what is expected or from each other.",
            "Compare the listed answers; a cache may be stale or poisoned."),
    DNSSEC_BOGUS(
            CauseClass.NETWORK,
            "The DNSSEC signatures do not hold.",
            "Re-sign the zone; check the DS record at the parent."),
    CONNECT_REFUSED(
            CauseClass.NETWORK,
            "The host answers; nothing listens on the port.",
            "Check that the service runs and listens on this address."),
    CONNECT_TIMEOUT(
            CauseClass.NETWORK,
            "No answer to the connection attempt.",
            "Check firewall, security group and whether the host is up."),
    CONNECT_UNREACHABLE(
            CauseClass.NETWORK,
            "There is no route to the host.",
            "Check routing and VPN between here and the target."),
    CONNECTION_RESET(
            CauseClass.NETWORK,
            "The peer cut the connection.",
            "Check balancers and the service's log for crashes or limits."),
    ROUTE_BROKEN(
            CauseClass.NETWORK,
            "The path to the target ends on the way.",
            "Ask the operator of the last hop that answered."),
    PACKET_LOSS(
            CauseClass.NETWORK,
            "Packets are lost on the way.",
            "Check the path for overloaded or failing links."),
    TLS_VERSION(
            CauseClass.NETWORK,
            "No TLS version that both sides accept.",
            "Enable TLS 1.2 and 1.3 on the target."),
    TLS_CIPHER(
            CauseClass.NETWORK,
            "No cipher suite that both sides accept.",
            "Enable a modern suite on the target."),
    TLS_HANDSHAKE(
            CauseClass.NETWORK,
            "The TLS handshake failed.",
            "Read the alert in the evidence; check SNI and the server's TLS log."),
    TLS_WEAK_ACCEPTED(
            CauseClass.NETWORK,
            "The target accepts a protocol or suite that it must refuse.",
            "Disable the named versions and suites."),
    PROXY_FAILED(
            CauseClass.NETWORK,
            "The proxy refused or failed.",
            "Check the proxy's address, credentials and access list."),
    UNEXPECTEDLY_OPEN(
            CauseClass.NETWORK,
            "A connection succeeds that must not.",
            "Close it in the network policy or firewall now."),
    RATE_LIMITED(
            CauseClass.CAPACITY,
            "The target limits our requests (429).",
            "Slow down the callers, or ask for a higher limit."),
    QUOTA_LOW(
            CauseClass.CAPACITY,
            "The remaining quota is nearly used up.",
            "Slow down the callers before the limit is reached."),
    RESPONSE_TIMEOUT(
            CauseClass.CAPACITY,
            "No response within the time-out.",
            "Look at the target's threads, pools and databases; the slow phase is in the evidence."),
    BODY_TIMEOUT(
            CauseClass.CAPACITY,
            "The body did not arrive in full within the time-out.",
            "Look at what the target does while it streams the answer."),
    LATENCY_HIGH(
            CauseClass.CAPACITY,
            "Slower than the configured bound.",
            "Compare the phases: the one that grew tells where to look."),
    LATENCY_BASELINE(
            CauseClass.CAPACITY,
            "Slower than this probe usually is.",
            "Compare the phases with their usual values; look for a recent change."),
    ERROR_RATE(
            CauseClass.CAPACITY,
            "Too large a share of the runs fails.",
            "Look at the most frequent cause among the failed runs."),
    ERROR_BUDGET(
            CauseClass.CAPACITY,
            "The error budget burns too fast.",
            "Stop risky changes; mend the most frequent cause first."),
    FACT_OUT_OF_BOUNDS(
            CauseClass.CAPACITY,
            "A measured value is out of the bounds that a rule sets.",
            "Look at what changed the value that the message names."),
    SERVER_OVERLOADED(
            CauseClass.CAPACITY,
            "The target says that it is overloaded (503).",
            "Scale out or shed load; check for a retry storm."),
    RESOURCE_EXHAUSTING(
            CauseClass.CAPACITY,
            "A resource of the target is running out.",
            "Look for a leak in the named pool; restart buys time."),
    REGION_SLOW(
            CauseClass.CAPACITY,
            "One region is slower while the others are not.",
            "Compare that region's network path, capacity and recent deploys."),
    REGION_DOWN(
            CauseClass.CAPACITY,
            "One region fails while the others answer.",
            "Move traffic away from the region, then look at its entry point."),
    EXTERNAL_ALERT(
            CauseClass.ENVIRONMENT,
            "Another monitor has raised an alert.",
            "Follow the alert's link to that monitor; what it found is in the message."),
    TARGET_FORBIDDEN(
            CauseClass.OWN_SIDE,
            "The target policy of this daemon forbids the address.",
            "Allow it in the target policy if it is meant to be probed."),
    NO_PERMISSION(
            CauseClass.OWN_SIDE,
            "This process may not do what the probe needs.",
            "Grant the named capability or permission to the daemon."),
    LOCAL_NETWORK(
            CauseClass.OWN_SIDE,
            "Our own network is down.",
            "Check this machine's network; targets are not judged meanwhile."),
    NO_RESULT(
            CauseClass.OWN_SIDE,
            "No run has said anything of the target for too long.",
            "Look at the probe's latest runs: they may be broken, skipped, or the daemon too busy."),
    INTERNAL_ERROR(
            CauseClass.OWN_SIDE,
            "The probe failed for a fault of its own.",
            "Report it with the stack trace from the log."),
    MISSING_COMPONENT(
            CauseClass.OWN_SIDE,
            "A program or library that the probe needs is not there.",
            "Install the named component."),
    CHANNEL_BROKEN(
            CauseClass.OWN_SIDE,
            "A channel for notices takes nothing.",
            "Check its address and credentials; what was not delivered is kept.");

    private static final Map<String, Cause> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Cause::code, Function.identity()));

    private final String code;
    private final CauseClass causeClass;
    private final String meaning;
    private final String remedy;

    Cause(CauseClass causeClass, String meaning, String remedy) {
        this.code = name().toLowerCase(Locale.ROOT);
        this.causeClass = causeClass;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** The word used in JSON, labels and alerts, such as {@code cert_expired}. */
    public String code() {
        return code;
    }

    public CauseClass causeClass() {
        return causeClass;
    }

    /** One sentence: what it means. */
    public String meaning() {
        return meaning;
    }

    /** One sentence: what to do first. */
    public String remedy() {
        return remedy;
    }

    /** The cause with this code. */
    public static Optional<Cause> of(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
