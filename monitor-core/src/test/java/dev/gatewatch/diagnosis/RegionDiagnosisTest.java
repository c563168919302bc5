package dev.gatewatch.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegionDiagnosisTest {
    private static final Instant T = Instant.parse("2026-03-01T03:00:00Z");
    private static final RegionDiagnosis DIAGNOSIS = new RegionDiagnosis();

    @Test
    void aFailingRegionWhileTheOthersPassIsDown() {
        var symptom = symptom(
                Cause.CONNECT_REFUSED, "nothing listens on port 443", bad("ap", 10, 30), good("eu", 0, 35), good("us", 0, 32));

        assertThat(DIAGNOSIS.diagnose(symptom))
                .contains(new Finding(
                        Cause.REGION_DOWN,
                        "region ap is down (connect_refused: nothing listens on port 443); eu, us answer"));
    }

    @Test
    void aSlowRegionWhileTheOthersAreFineIsSlow() {
        var symptom = symptom(Cause.LATENCY_HIGH, "took 2.1s, expected at most 800ms", bad("ap", 10, 30), good("eu", 0, 35));

        assertThat(DIAGNOSIS.diagnose(symptom))
                .contains(new Finding(
                        Cause.REGION_SLOW,
                        "region ap is slow (took 2.1s, expected at most 800ms); eu answers in 90ms"));
    }

    @Test
    void troubleOfAllRegionsKeepsItsOwnCause() {
        assertThat(DIAGNOSIS.diagnose(symptom(Cause.CONNECT_REFUSED, "m", bad("ap", 10, 30), bad("eu", 15, 35)))).isEmpty();
    }

    @Test
    void twoFailingRegionsOfThreeKeepTheirOwnCause() {
        assertThat(DIAGNOSIS.diagnose(
                        symptom(Cause.CONNECT_REFUSED, "m", bad("ap", 10, 30), good("eu", 0, 35), bad("us", 12, 32))))
                .isEmpty();
    }

    @Test
    void aTotalOutageIsNotBlamedOnTheRegionProbedFirst() {
        var ap = bad("ap", 10, 10);

        assertThat(DIAGNOSIS.diagnose(symptom(Cause.CONNECT_REFUSED, "m", ap, good("eu", 0, 5)))).isEmpty();
        assertThat(DIAGNOSIS.diagnose(symptom(Cause.CONNECT_REFUSED, "m", ap, bad("eu", 15, 15)))).isEmpty();
    }

    @Test
    void oneOtherRegionNotYetSeenSinceTheTroubleBeganHoldsTheClaimBack() {
        var ap = bad("ap", 10, 20);

        assertThat(DIAGNOSIS.diagnose(symptom(Cause.CONNECT_REFUSED, "m", ap, good("eu", 0, 15), good("us", 0, 9)))).isEmpty();
        assertThat(DIAGNOSIS.diagnose(symptom(Cause.CONNECT_REFUSED, "m", ap, good("eu", 0, 15), good("us", 0, 10))))
                .isPresent();
    }

    @Test
    void aRecoveryIsNotBlamedOnTheRegionProbedLast() {
        // eu was down as well and is well again since 25; ap was last seen down at 20
        assertThat(DIAGNOSIS.diagnose(symptom(Cause.CONNECT_REFUSED, "m", bad("ap", 0, 20), good("eu", 25, 25)))).isEmpty();
        assertThat(DIAGNOSIS.diagnose(symptom(Cause.CONNECT_REFUSED, "m", bad("ap", 0, 30), good("eu", 25, 25)))).isPresent();
    }

    @Test
    void aRegionWithoutRunsHoldsTheClaimBack() {
        var symptom =
                new Symptom(Cause.CONNECT_REFUSED, "m", bad("ap", 10, 30), List.of(good("eu", 0, 35)), 1);

        assertThat(DIAGNOSIS.diagnose(symptom)).isEmpty();
    }

    @Test
    void aProbeWithoutRegionsKeepsItsOwnCause() {
        assertThat(DIAGNOSIS.diagnose(symptom(Cause.CONNECT_REFUSED, "m", bad("", 10, 30)))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Cause.class,
            names = {"CERT_EXPIRED", "CREDENTIAL_REJECTED", "CONTENT_MISMATCH", "DNS_MISMATCH", "RATE_LIMITED"})
    void aCauseThatNamesTheCulpritIsKept(Cause cause) {
        assertThat(DIAGNOSIS.diagnose(symptom(cause, "m", bad("ap", 10, 30), good("eu", 0, 35)))).isEmpty();
    }

    private static Symptom symptom(Cause cause, String message, Standing own, Standing... others) {
        return new Symptom(cause, message, own, List.of(others), 0);
    }

    private static Standing bad(String region, long since, long latest) {
        return standing(region, true, since, latest);
    }

    private static Standing good(String region, long since, long latest) {
        return standing(region, false, since, latest);
    }

    private static Standing standing(String region, boolean bad, long since, long latest) {
        return new Standing(
                new Series("checkout", region, "dc1"), bad, T.plusSeconds(since), T.plusSeconds(latest), Duration.ofMillis(90));
    }
}
