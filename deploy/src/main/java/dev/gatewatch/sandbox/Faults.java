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
import dev.gatewatch.sandbox.Effect.WrongAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The faults of the sandbox, in the order in which they are listed. */
final class Faults {
    /** Above the demo's latency bound of 800 ms and, with the work itself, below its time-out of 2.9 s. */
    private static final Duration SLOWER = Duration.ofSeconds(2);

    private static final String GATEWAY = "Payment gateway";
    private static final String NAMES = "Names (DNS)";
    private static final String CERTIFICATES = "Certificates";
    private static final String REGIONS = "Regions";
    private static final String PAYMENTS = "Payments";

    static final List<Fault> ALL = List.of(
            new Fault(
                    "gateway-500",
                    GATEWAY,
                    "The gateway answers every request with status 500.",
                    Cause.HTTP_STATUS,
                    new AnswersStatus(EVERYWHERE, 500)),
            new Fault(
                    "gateway-hangs",
                    GATEWAY,
                    "The gateway accepts requests and never answers them.",
                    Cause.RESPONSE_TIMEOUT,
                    new Hangs(EVERYWHERE)),
            new Fault(
                    "gateway-down",
                    GATEWAY,
                    "The gateway is down: nothing listens on its ports.",
                    Cause.CONNECT_REFUSED,
                    new Down(EVERYWHERE)),
            new Fault(
                    "gateway-slow",
                    GATEWAY,
                    "The gateway takes 2 seconds longer for every answer.",
                    Cause.LATENCY_HIGH,
                    new Slow(EVERYWHERE, SLOWER)),
            new Fault(
                    "health-down",
                    GATEWAY,
                    "The gateway's health report says DOWN, because its database is.",
                    Cause.HEALTH_DOWN,
                    new HealthDown("db")),
            new Fault(
                    "dns-nxdomain",
                    NAMES,
                    "The gateway's name does not exist any more (NXDOMAIN).",
                    Cause.DNS_NXDOMAIN,
                    new NameMissing()),
            new Fault(
                    "dns-servfail",
                    NAMES,
                    "The name servers fail to answer (SERVFAIL).",
                    Cause.DNS_SERVFAIL,
                    new NameServersFail()),
            new Fault(
                    "dns-wrong-address",
                    NAMES,
                    "The local name server gives a wrong address for the gateway.",
                    Cause.DNS_MISMATCH,
                    new WrongAddress("203.0.113.66")),
            new Fault(
                    "cert-expired",
                    CERTIFICATES,
                    "The gateway's certificate expired yesterday.",
                    Cause.CERT_EXPIRED,
                    new Serves(Certificate.EXPIRED)),
            new Fault(
                    "cert-expiring",
                    CERTIFICATES,
                    "The gateway's certificate expires in 5 days.",
                    Cause.CERT_EXPIRING,
                    new Serves(Certificate.EXPIRING)),
            new Fault(
                    "cert-wrong-host",
                    CERTIFICATES,
                    "The gateway shows a certificate of another host.",
                    Cause.CERT_HOSTNAME,
                    new Serves(Certificate.WRONG_HOST)),
            new Fault(
                    "region-ap-slow",
                    REGIONS,
                    "Region ap takes 2 seconds longer for every answer; region eu does not.",
                    Cause.REGION_SLOW,
                    new Slow(Set.of(AP), SLOWER)),
            new Fault(
                    "region-ap-down",
                    REGIONS,
                    "Region ap is down; region eu answers.",
                    Cause.REGION_DOWN,
                    new Down(Set.of(AP))),
            new Fault(
                    "payment-without-amount-accepted",
                    PAYMENTS,
                    "The gateway accepts a payment without its amount instead of refusing it with 400.",
                    Cause.HTTP_STATUS,
                    new AcceptsMissingAmount()));

    private Faults() {}

    static Optional<Fault> find(String id) {
        return ALL.stream().filter(f -> f.id().equals(id)).findFirst();
    }
}
