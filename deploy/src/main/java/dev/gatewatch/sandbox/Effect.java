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

    /** The health report says DOWN because of this component. */
    record HealthDown(String component) implements Effect {}

    /** A payment without an amount is accepted instead of refused. */
    record AcceptsMissingAmount() implements Effect {}

    /** Another certificate than the good one is served. */
    record Serves(Authority.Certificate certificate) implements Effect {}

    /** Both name servers say that the gateway's name does not exist. */
    record NameMissing() implements Effect {}

    /** Both name servers answer SERVFAIL. */
    record NameServersFail() implements Effect {}

    /** The local name server gives another address for the gateway, as one with a poisoned cache would. */
    record WrongAddress(String address) implements Effect {}
}
