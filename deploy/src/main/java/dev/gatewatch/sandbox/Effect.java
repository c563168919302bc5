package dev.gatewatch.sandbox;

import java.time.Duration;
import java.util.Set;

/** What a fault does to the sandbox while it is on. Each kind is asked for, through {@link World}, by the one part that obeys it. */
sealed interface Effect {
    /** An effect on the gateway that is felt in some regions only. */
    sealed interface Regional extends Effect {
        Set<Region> regions();

        default boolean in(Region region) {
            return regions().contains(region);
        }
    }

    /** Every request is answered with this status instead of being worked on. */
    record AnswersStatus(Set<Region> regions, int status) implements Regional {}

    /** Connections and requests are accepted, and never answered. */
    record Hangs(Set<Region> regions) implements Regional {}

    /** The listening port is closed. */
    record Down(Set<Region> regions) implements Regional {}

    /** Every answer comes this much later. */
    record Slow(Set<Region> regions, Duration by) implements Regional {}

    /** What takes long by itself takes so many times as long. */
    record Slower(Set<Region> regions, double factor) implements Regional {}

    /** The health report says DOWN because of this component. */
    record HealthDown(String component) implements Effect {}

    /** A payment without an amount is accepted instead of refused. */
    record AcceptsMissingAmount() implements Effect {}

    /** What is on or off, and has nothing more to it. */
    enum Switch implements Effect {
        /** Orders need a field that nobody sends. */
        ORDERS_WANT_MORE,
        /** Orders are refused for a reason of the gateway's own. */
        ORDERS_REFUSED,
        /** The API key is not known any more. */
        KEY_REVOKED,
        /** Orders are answered with 429. */
        RATE_LIMITED,
        /** The allowance of orders is nearly used up. */
        QUOTA_LOW,
        /** Orders are answered with 503. */
        OVERLOADED,
        /** The id of a new order stands under another name. */
        ORDER_ID_RENAMED,
        /** A paid order never leaves "pending". */
        ORDER_STUCK,
        /** Nobody is told of payments. */
        CALLBACK_LOST,
        /** Merchants are told of payments too late. */
        CALLBACK_LATE,
        /** The statement is an error page. */
        STATEMENT_NOT_JSON,
        /** The statement ends before its announced length. */
        STATEMENT_CUT,
        /** The statement stops in the middle and the connection stays open. */
        STATEMENT_STALLS,
        /** The statement is larger than anybody wants. */
        STATEMENT_HUGE,
        /** The statement redirects to itself. */
        STATEMENT_REDIRECTS,
        /** The statement lacks what it should show. */
        STATEMENT_EMPTY,
        /** The connection is reset instead of an answer. */
        STATEMENT_RESET,
        /** The token endpoint knows the client no more. */
        TOKEN_REFUSED,
        /** Tokens are issued that have expired already. */
        TOKEN_EXPIRED,
        /** The token endpoint's answer has no token. */
        TOKEN_MALFORMED,
        /** The token endpoint answers 429. */
        TOKEN_THROTTLED,
        /** The token endpoint answers 500. */
        TOKEN_ENDPOINT_DOWN,
        /** The manager may not refund any more. */
        PERMISSION_LOST,
        /** The cashier may refund. */
        PERMISSION_TOO_WIDE,
        /** Now and then a merchant sees another's account. */
        TENANTS_MIXED,
        /** Production talks to a database on localhost, with debug logging. */
        CONFIGURATION_DRIFTED,
        /** Another driver version than the pinned one. */
        VERSION_DRIFTED,
        /** The registry has lost an instance. */
        INSTANCE_LOST,
        /** The registry lists an instance that nobody knows. */
        INSTANCE_STRANGE,
        /** One of two ledger instances takes no connections. */
        INSTANCE_DEAD,
        /** Database connections are taken and never given back. */
        CONNECTIONS_LEAK,
        /** A port is open that must be closed. */
        ADMIN_PORT_OPEN,
        /** The gateway offers nothing older than TLS 1.3. */
        ONLY_TLS13,
        /** The gateway accepts TLS 1.0. */
        WEAK_TLS,
        /** The gateway wants a client certificate. */
        WANTS_CLIENT_CERTIFICATE,
        /** The OCSP responder says that the certificate is revoked. */
        OCSP_REVOKED,
        /** The OCSP responder does not answer. */
        OCSP_DOWN,
        /** The OCSP responder's answers are signed by a stranger. */
        OCSP_FORGED,
        /** The CRL should have been renewed long ago. */
        CRL_STALE,
        /** The private key of the signing service is readable by everybody. */
        KEY_EXPOSED,
        /** The keystore of the signing service is damaged. */
        KEYSTORE_DAMAGED,
        /** The name servers do not answer. */
        NAME_SERVERS_SILENT,
        /** The name servers refuse to answer. */
        NAME_SERVERS_REFUSE,
        /** The gateway's name exists and has no address. */
        NAME_WITHOUT_ADDRESS
    }

    /** Another certificate than the good one is served. */
    record Serves(Authority.Certificate certificate) implements Effect {}

    /** Both name servers say that the gateway's name does not exist. */
    record NameMissing() implements Effect {}

    /** Both name servers answer SERVFAIL. */
    record NameServersFail() implements Effect {}

    /** The local name server gives another address for the gateway, as one with a poisoned cache would. */
    record WrongAddress(String address) implements Effect {}
}
