package dev.gatewatch.diagnosis;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells trouble of one region from trouble of the whole: {@code region_down} or {@code region_slow} where one region of a probe is in
 * trouble and all others are well.
 *
 * <p>Regions are not probed at the same moment, so two runs are compared only where each fell into the other's present state: the other
 * region was seen well after this one's trouble began, and this one was seen in trouble after the other became (or was) well.
 * Otherwise a total outage would be blamed on the region that happens to be probed first, and a recovery on the one probed last.
 *
 * <p>Where it is learnt how fast each region usually is, a slow one is told by {@link Pack that} instead.
 *
 * <p>Causes that name the culprit themselves (a certificate, a credential, wrong content) are kept: they say more than the region.
 */
public final class RegionDiagnosis implements Diagnosis {
    /** The region does not serve. */
    private static final Set<Cause> DOWN = EnumSet.of(
            Cause.CONNECT_REFUSED,
            Cause.CONNECT_TIMEOUT,
            Cause.CONNECT_UNREACHABLE,
            Cause.CONNECTION_RESET,
            Cause.ROUTE_BROKEN,
            Cause.PACKET_LOSS,
            Cause.DNS_NXDOMAIN,
            Cause.DNS_SERVFAIL,
            Cause.DNS_REFUSED,
            Cause.DNS_TIMEOUT,
            Cause.DNS_NO_ADDRESS,
            Cause.TLS_HANDSHAKE,
            Cause.TLS_VERSION,
            Cause.TLS_CIPHER,
            Cause.PROXY_FAILED,
            Cause.RESPONSE_TIMEOUT,
            Cause.BODY_TIMEOUT,
            Cause.BODY_TRUNCATED,
            Cause.SERVER_OVERLOADED,
            Cause.HTTP_STATUS,
            Cause.HEALTH_DOWN);

    /** The region serves, too slowly. */
    private static final Set<Cause> SLOW = EnumSet.of(Cause.LATENCY_HIGH, Cause.LATENCY_BASELINE);

    @Override
    public Optional<Finding> diagnose(Symptom symptom) {
        boolean down = DOWN.contains(symptom.cause());
        if (!down && !SLOW.contains(symptom.cause())) {
            return Optional.empty();
        }
        Standing own = symptom.own();
        String region = own.series().region();
        if (!down) {
            switch (Pack.place(symptom)) {
                case LEFT -> {
                    return Optional.of(new Finding(Cause.REGION_SLOW, "region " + region + " is slow: " + Pack.told(symptom)));
                }
                case BACK -> {
                    return Optional.of(new Finding(
                            Cause.REGION_SLOW, "region " + region + " was slow and is as usual again: " + Pack.told(symptom)));
                }
                case WITHIN -> {
                    return Optional.empty();
                }
                case UNKNOWN -> {}
            }
        }
        boolean alone = own.bad()
                && symptom.silent() == 0
                && !symptom.others().isEmpty()
                && symptom.others().stream().allMatch(other -> wellMeanwhile(own, other));
        if (!alone) {
            return Optional.empty();
        }
        return Optional.of(
                down
                        ? new Finding(
                                Cause.REGION_DOWN,
                                "region " + region + " is down (" + symptom.cause().code() + ": " + symptom.message() + "); "
                                        + answer(symptom))
                        : new Finding(
                                Cause.REGION_SLOW,
                                "region " + region + " is slow (" + symptom.message() + "); " + answerIn(symptom)));
    }

    private static boolean wellMeanwhile(Standing own, Standing other) {
        return !other.bad()
                && !other.latest().isBefore(own.since())
                && !own.latest().isBefore(other.since());
    }

    private static String answer(Symptom symptom) {
        var names = symptom.others().stream().map(Standing::series).map(Series::region).toList();
        return names.size() == 1 ? names.getFirst() + " answers" : String.join(", ", names) + " answer";
    }

    private static String answerIn(Symptom symptom) {
        return symptom.others().stream()
                .map(o -> o.series().region() + " answers in "
                        + Durations.format(Duration.ofMillis(Math.max(1, o.latency().toMillis()))))
                .collect(Collectors.joining(", "));
    }
}
