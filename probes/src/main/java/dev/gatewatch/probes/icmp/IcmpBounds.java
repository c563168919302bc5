package dev.gatewatch.probes.icmp;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is expected of the packets. Immutable.
 *
 * @param maxLoss share of lost packets above which the run fails
 * @param degradedLoss share above which it is degraded
 * @param maxRtt mean round trip above which it is degraded
 * @param maxJitter jitter above which it is degraded
 */
record IcmpBounds(double maxLoss, double degradedLoss, Optional<Duration> maxRtt, Optional<Duration> maxJitter) {
    static final IcmpBounds STANDARD = new IcmpBounds(0.5, 0, Optional.empty(), Optional.empty());

    private static final Key<Double> MAX_LOSS = Key.withDefault(
            "max_loss",
            Types.percent(),
            STANDARD.maxLoss,
            "50%",
            "The run fails (packet_loss) when a larger share of the packets gets no reply; it always does when none gets one.");
    private static final Key<Double> DEGRADED_LOSS = Key.withDefault(
            "degraded_loss",
            Types.percent(),
            STANDARD.degradedLoss,
            "0%",
            "The run is degraded (packet_loss) when a larger share of the packets gets no reply.");
    private static final Key<Duration> MAX_RTT = Key.optional(
            "max_rtt",
            Types.duration(Duration.ofNanos(1_000), Duration.ofMinutes(1)),
            "The run is degraded (latency_high) when the mean round trip is longer.");
    private static final Key<Duration> MAX_JITTER = Key.optional(
            "max_jitter",
            Types.duration(Duration.ofNanos(1_000), Duration.ofMinutes(1)),
            "The run is degraded (latency_high) when the mean difference between the round trips of two packets in turn is larger.");

    static final SectionType<IcmpBounds> TYPE =
            SectionType.of("expect", List.of(MAX_LOSS, DEGRADED_LOSS, MAX_RTT, MAX_JITTER), section -> {
                double most = section.get(MAX_LOSS);
                if (section.has(DEGRADED_LOSS) && section.get(DEGRADED_LOSS) > most) {
                    section.problem(DEGRADED_LOSS, "larger than max_loss, above which the run fails already");
                }
                return new IcmpBounds(
                        most,
                        // a lower bound for failing takes the one for being degraded with it
                        Math.min(section.get(DEGRADED_LOSS), most),
                        section.find(MAX_RTT),
                        section.find(MAX_JITTER));
            });
}
