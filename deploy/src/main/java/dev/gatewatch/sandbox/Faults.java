package dev.gatewatch.sandbox;

import static dev.gatewatch.sandbox.Region.AP;
import static dev.gatewatch.sandbox.Region.EVERYWHERE;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.sandbox.Authority.Certificate;
import dev.gatewatch.sandbox.Effect.AcceptsMissingAmount;
import dev.gatewatch.sandbox.Effect.AnswersStatus;
import dev.gatewatch.sandbox.Effect.Down;
import dev.gatewatch.sandbox.Effect.Hangs;
import dev.gatewatch.sandbox.Effect.HealthDown;
import dev.gatewatch.sandbox.Effect.NameMissing;
import dev.gatewatch.sandbox.Effect.NameServersFail;
import dev.gatewatch.sandbox.Effect.Serves;
import dev.gatewatch.sandbox.Effect.Slow;
import dev.gatewatch.sandbox.Effect.Slower;
import dev.gatewatch.sandbox.Effect.Switch;
import dev.gatewatch.sandbox.Effect.WrongAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The faults of the sandbox, in the order in which they are listed. */
final class Faults {
    /**
     * Above the demo's bounds of 800 ms, so that an answer this late never passes, and as far below its time-out as that allows, so that
     * a busy machine does not make a time-out of it.
     */
    private static final Duration SLOWER = Duration.ofSeconds(1);

    /** Of the way to the bank, which is not all of a run. What is a third longer or less may pass for a deploy. */
    private static final double A_GOOD_DEAL = 1.45;

    /** As a release does that nobody measured. */
    private static final double A_FIFTH = 1.2;

    private static final String GATEWAY = "Payment gateway";
    private static final String NAMES = "Names (DNS)";
    private static final String CERTIFICATES = "Certificates";
    private static final String REGIONS = "Regions";
    private static final String PAYMENTS = "Payments";
    private static final String BODIES = "Answers";
    private static final String LIMITS = "Limits and resources";
    private static final String IDENTITY = "Credentials and rights";
    private static final String TLS = "TLS";
    private static final String ENVIRONMENT = "Environment";

    static final List<Fault> ALL = List.of(
            new Fault(
                    "gateway-500",
                    GATEWAY,
                    "The gateway answers every request with status 500.",
                    Cause.HTTP_STATUS,
                    "gateway-health",
                    new AnswersStatus(EVERYWHERE, 500)),
            new Fault(
                    "gateway-hangs",
                    GATEWAY,
                    "The gateway accepts requests and never answers them.",
                    Cause.RESPONSE_TIMEOUT,
                    "gateway-health",
                    new Hangs(EVERYWHERE)),
            new Fault(
                    "gateway-down",
                    GATEWAY,
                    "The gateway is down: nothing listens on its ports.",
                    Cause.CONNECT_REFUSED,
                    "gateway-health",
                    new Down(EVERYWHERE)),
            new Fault(
                    "gateway-slow",
                    GATEWAY,
                    "The gateway takes 1 second longer for every answer.",
                    Cause.LATENCY_HIGH,
                    "gateway-health",
                    new Slow(EVERYWHERE, SLOWER)),
            new Fault(
                    "rates-slower",
                    GATEWAY,
                    "Exchange rates take a fifth longer in every region, as after a careless release.",
                    Optional.empty(), // a level up to 30 % above the usual may be meant
                    "rates",
                    new Slower(EVERYWHERE, A_FIFTH)),
            new Fault(
                    "health-down",
                    GATEWAY,
                    "The gateway's health report says DOWN, because its database is.",
                    Cause.HEALTH_DOWN,
                    "gateway-health",
                    new HealthDown("db")),
            new Fault(
                    "dns-nxdomain",
                    NAMES,
                    "The gateway's name does not exist any more (NXDOMAIN).",
                    Cause.DNS_NXDOMAIN,
                    "gateway-name",
                    new NameMissing()),
            new Fault(
                    "dns-servfail",
                    NAMES,
                    "The name servers fail to answer (SERVFAIL).",
                    Cause.DNS_SERVFAIL,
                    "gateway-name",
                    new NameServersFail()),
            new Fault(
                    "dns-wrong-address",
                    NAMES,
                    "The local name server gives a wrong address for the gateway.",
                    Cause.DNS_MISMATCH,
                    "gateway-name",
                    new WrongAddress("203.0.113.66")),
            new Fault(
                    "cert-expired",
                    CERTIFICATES,
                    "The gateway's certificate expired yesterday.",
                    Cause.CERT_EXPIRED,
                    "gateway-certificate",
                    new Serves(Certificate.EXPIRED)),
            new Fault(
                    "cert-expiring",
                    CERTIFICATES,
                    "The gateway's certificate expires in 5 days.",
                    Cause.CERT_EXPIRING,
                    "gateway-certificate",
                    new Serves(Certificate.EXPIRING)),
            new Fault(
                    "cert-wrong-host",
                    CERTIFICATES,
                    "The gateway shows a certificate of another host.",
                    Cause.CERT_HOSTNAME,
                    "gateway-certificate",
                    new Serves(Certificate.WRONG_HOST)),
            new Fault(
                    "region-ap-slow",
                    REGIONS,
                    "Region ap takes 1 second longer for every answer; region eu does not.",
                    Cause.REGION_SLOW,
                    "checkout",
                    new Slow(Set.of(AP), SLOWER)),
            new Fault(
                    "region-ap-slower",
                    REGIONS,
                    "Exchange rates take some 40 % longer in region ap; eu and us are as usual.",
                    Cause.REGION_SLOW,
                    "rates",
                    new Slower(Set.of(AP), A_GOOD_DEAL)),
            new Fault(
                    "region-ap-down",
                    REGIONS,
                    "Region ap is down; region eu answers.",
                    Cause.REGION_DOWN,
                    "checkout",
                    new Down(Set.of(AP))),
            new Fault(
                    "payment-without-amount-accepted",
                    PAYMENTS,
                    "The gateway accepts a payment without its amount instead of refusing it with 400.",
                    Cause.HTTP_STATUS,
                    "payment-without-amount",
                    new AcceptsMissingAmount()),
            new Fault(
                    "statement-error-page",
                    BODIES,
                    "The monthly statement is an HTML page instead of JSON.",
                    Cause.JSON_INVALID,
                    "statement",
                    Switch.STATEMENT_NOT_JSON),
            new Fault(
                    "statement-cut",
                    BODIES,
                    "The connection ends in the middle of the statement.",
                    Cause.BODY_TRUNCATED,
                    "statement",
                    Switch.STATEMENT_CUT),
            new Fault(
                    "statement-stalls",
                    BODIES,
                    "The statement stops in the middle and never goes on.",
                    Cause.BODY_TIMEOUT,
                    "statement",
                    Switch.STATEMENT_STALLS),
            new Fault(
                    "statement-huge",
                    BODIES,
                    "The statement has 3 MB instead of a few kB.",
                    Cause.BODY_TOO_LARGE,
                    "statement",
                    Switch.STATEMENT_HUGE),
            new Fault(
                    "statement-redirect-loop",
                    BODIES,
                    "The statement redirects to itself.",
                    Cause.REDIRECT_LIMIT,
                    "statement",
                    Switch.STATEMENT_REDIRECTS),
            new Fault(
                    "statement-empty",
                    BODIES,
                    "The statement has no lines.",
                    Cause.CONTENT_MISMATCH,
                    "statement",
                    Switch.STATEMENT_EMPTY),
            new Fault(
                    "statement-reset",
                    BODIES,
                    "The connection is reset instead of an answer.",
                    Cause.CONNECTION_RESET,
                    "statement",
                    Switch.STATEMENT_RESET),
            new Fault(
                    "order-field-required",
                    PAYMENTS,
                    "The gateway wants a field with every order that nobody sends.",
                    Cause.REQUEST_INVALID,
                    "checkout",
                    Switch.ORDERS_WANT_MORE),
            new Fault(
                    "order-refused",
                    PAYMENTS,
                    "The gateway refuses orders: the merchant is suspended.",
                    Cause.REQUEST_REFUSED,
                    "checkout",
                    Switch.ORDERS_REFUSED),
            new Fault(
                    "order-id-renamed",
                    PAYMENTS,
                    "The id of a new order stands under another name.",
                    Cause.CAPTURE_MISSING,
                    "payment-flow",
                    Switch.ORDER_ID_RENAMED),
            new Fault(
                    "order-stuck",
                    PAYMENTS,
                    "A paid order stays pending.",
                    Cause.ORDER_STUCK,
                    "payment-flow",
                    Switch.ORDER_STUCK),
            new Fault(
                    "callback-lost",
                    PAYMENTS,
                    "The merchant is never told of a payment.",
                    Cause.CALLBACK_MISSING,
                    "payment-flow",
                    Switch.CALLBACK_LOST),
            new Fault(
                    "callback-late",
                    PAYMENTS,
                    "The merchant is told of a payment almost a second late.",
                    Cause.CALLBACK_LATE,
                    "payment-flow",
                    Switch.CALLBACK_LATE),
            new Fault(
                    "rate-limited",
                    LIMITS,
                    "Orders are answered with 429 Too Many Requests.",
                    Cause.RATE_LIMITED,
                    "checkout",
                    Switch.RATE_LIMITED),
            new Fault(
                    "quota-low",
                    LIMITS,
                    "Only 2 of 100 orders are left in the window.",
                    Cause.QUOTA_LOW,
                    "checkout",
                    Switch.QUOTA_LOW),
            new Fault(
                    "overloaded",
                    LIMITS,
                    "Orders are answered with 503 Service Unavailable.",
                    Cause.SERVER_OVERLOADED,
                    "checkout",
                    Switch.OVERLOADED),
            new Fault(
                    "connection-leak",
                    LIMITS,
                    "Database connections are taken and never given back.",
                    Cause.RESOURCE_EXHAUSTING,
                    "connection-pool",
                    Switch.CONNECTIONS_LEAK),
            new Fault(
                    "api-key-revoked",
                    IDENTITY,
                    "The API key is not known any more.",
                    Cause.CREDENTIAL_REJECTED,
                    "checkout",
                    Switch.KEY_REVOKED),
            new Fault(
                    "token-refused",
                    IDENTITY,
                    "The token endpoint does not know the client any more.",
                    Cause.TOKEN_REFUSED,
                    "token",
                    Switch.TOKEN_REFUSED),
            new Fault(
                    "token-expired",
                    IDENTITY,
                    "The token endpoint issues tokens that have expired already.",
                    Cause.TOKEN_EXPIRED,
                    "token",
                    Switch.TOKEN_EXPIRED),
            new Fault(
                    "token-malformed",
                    IDENTITY,
                    "The token endpoint answers without a token.",
                    Cause.TOKEN_MALFORMED,
                    "token",
                    Switch.TOKEN_MALFORMED),
            new Fault(
                    "token-throttled",
                    IDENTITY,
                    "The token endpoint answers 429.",
                    Cause.TOKEN_THROTTLED,
                    "token",
                    Switch.TOKEN_THROTTLED),
            new Fault(
                    "token-endpoint-down",
                    IDENTITY,
                    "The token endpoint answers 500.",
                    Cause.TOKEN_ENDPOINT_DOWN,
                    "token",
                    Switch.TOKEN_ENDPOINT_DOWN),
            new Fault(
                    "permission-lost",
                    IDENTITY,
                    "The manager may not refund any more.",
                    Cause.PERMISSION_MISSING,
                    "roles",
                    Switch.PERMISSION_LOST),
            new Fault(
                    "permission-too-wide",
                    IDENTITY,
                    "The cashier may refund.",
                    Cause.PERMISSION_EXCESS,
                    "roles",
                    Switch.PERMISSION_TOO_WIDE),
            new Fault(
                    "tenant-leak",
                    IDENTITY,
                    "Now and then a merchant sees another merchant's account.",
                    Cause.TENANT_LEAK,
                    "merchants",
                    Switch.TENANTS_MIXED),
            new Fault(
                    "client-certificate-wanted",
                    IDENTITY,
                    "The gateway wants a client certificate.",
                    Cause.CLIENT_CERT_REQUIRED,
                    "gateway-health",
                    Switch.WANTS_CLIENT_CERTIFICATE),
            new Fault(
                    "cert-not-yet-valid",
                    CERTIFICATES,
                    "The gateway's certificate is valid from the day after tomorrow.",
                    Cause.CERT_NOT_YET_VALID,
                    "gateway-certificate",
                    new Serves(Certificate.NOT_YET_VALID)),
            new Fault(
                    "cert-self-signed",
                    CERTIFICATES,
                    "The gateway shows a certificate that it signed itself.",
                    Cause.CERT_SELF_SIGNED,
                    "gateway-certificate",
                    new Serves(Certificate.SELF_SIGNED)),
            new Fault(
                    "cert-untrusted",
                    CERTIFICATES,
                    "The gateway shows a certificate of an authority that nobody knows.",
                    Cause.CERT_UNTRUSTED,
                    "gateway-certificate",
                    new Serves(Certificate.STRANGE)),
            new Fault(
                    "cert-weak",
                    CERTIFICATES,
                    "The gateway's certificate has an RSA key of 1024 bits.",
                    Cause.CERT_WEAK,
                    "gateway-certificate",
                    new Serves(Certificate.WEAK)),
            new Fault(
                    "cert-revoked",
                    CERTIFICATES,
                    "The gateway's certificate is revoked.",
                    Cause.CERT_REVOKED,
                    "gateway-revocation",
                    Switch.OCSP_REVOKED),
            new Fault(
                    "ocsp-down",
                    CERTIFICATES,
                    "The OCSP responder does not answer.",
                    Cause.OCSP_UNAVAILABLE,
                    "gateway-revocation",
                    Switch.OCSP_DOWN),
            new Fault(
                    "ocsp-forged",
                    CERTIFICATES,
                    "The answers of the OCSP responder are signed by a stranger.",
                    Cause.OCSP_INVALID,
                    "gateway-revocation",
                    Switch.OCSP_FORGED),
            new Fault(
                    "crl-stale",
                    CERTIFICATES,
                    "The revocation list should have been renewed two days ago.",
                    Cause.CRL_STALE,
                    "gateway-revocation",
                    Switch.CRL_STALE),
            new Fault(
                    "key-exposed",
                    CERTIFICATES,
                    "The private key of the signing service is readable by everybody.",
                    Cause.KEY_EXPOSED,
                    "signing-key",
                    Switch.KEY_EXPOSED),
            new Fault(
                    "keystore-damaged",
                    CERTIFICATES,
                    "The keystore of the signing service is damaged.",
                    Cause.KEYSTORE_UNREADABLE,
                    "signing-keystore",
                    Switch.KEYSTORE_DAMAGED),
            new Fault(
                    "tls12-refused",
                    TLS,
                    "The gateway offers nothing older than TLS 1.3, which shuts out half of the merchants.",
                    Cause.TLS_VERSION,
                    "gateway-tls",
                    Switch.ONLY_TLS13),
            new Fault(
                    "tls10-accepted",
                    TLS,
                    "The gateway accepts TLS 1.0 again.",
                    Cause.TLS_WEAK_ACCEPTED,
                    "gateway-tls",
                    Switch.WEAK_TLS),
            new Fault(
                    "dns-silent",
                    NAMES,
                    "The name servers do not answer.",
                    Cause.DNS_TIMEOUT,
                    "gateway-name",
                    Switch.NAME_SERVERS_SILENT),
            new Fault(
                    "dns-refused",
                    NAMES,
                    "The name servers refuse to answer.",
                    Cause.DNS_REFUSED,
                    "gateway-name",
                    Switch.NAME_SERVERS_REFUSE),
            new Fault(
                    "dns-no-address",
                    NAMES,
                    "The gateway's name exists and has no address.",
                    Cause.DNS_NO_ADDRESS,
                    "gateway-name",
                    Switch.NAME_WITHOUT_ADDRESS),
            new Fault(
                    "admin-port-open",
                    ENVIRONMENT,
                    "The admin port is open to everybody.",
                    Cause.UNEXPECTEDLY_OPEN,
                    "network-policy",
                    Switch.ADMIN_PORT_OPEN),
            new Fault(
                    "configuration-drift",
                    ENVIRONMENT,
                    "Production talks to a database on localhost and logs at DEBUG.",
                    Cause.CONFIG_DRIFT,
                    "configuration",
                    Switch.CONFIGURATION_DRIFTED),
            new Fault(
                    "version-drift",
                    ENVIRONMENT,
                    "An old database driver is deployed.",
                    Cause.VERSION_DRIFT,
                    "versions",
                    Switch.VERSION_DRIFTED),
            new Fault(
                    "instance-lost",
                    ENVIRONMENT,
                    "The registry has lost an instance that is up.",
                    Cause.INSTANCE_MISSING,
                    "registered-instances",
                    Switch.INSTANCE_LOST),
            new Fault(
                    "instance-strange",
                    ENVIRONMENT,
                    "The registry lists an instance that nobody knows.",
                    Cause.INSTANCE_UNEXPECTED,
                    "registered-instances",
                    Switch.INSTANCE_STRANGE),
            new Fault(
                    "instance-dead",
                    ENVIRONMENT,
                    "One of two ledger instances takes no connections.",
                    Cause.INSTANCE_UNHEALTHY,
                    "ledger-instances",
                    Switch.INSTANCE_DEAD));

    private Faults() {}

    static Optional<Fault> find(String id) {
        return ALL.stream().filter(f -> f.id().equals(id)).findFirst();
    }
}
