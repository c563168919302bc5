package dev.gatewatch.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AtOnceTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    private static final Series EU = new Series("checkout", "eu", "here");
    private static final Series AP = new Series("checkout", "ap", "here");

    @Test
    void oneRegionThatFailsAloneIsNamedWhicheverWasAskedFirst() {
        Result well = Runs.pass(EU, AT, Duration.ofMillis(30));
        Result down = Runs.fail(AP, AT.plusSeconds(1), Cause.CONNECT_REFUSED, "refused");

        for (List<Result> order : List.of(List.of(well, down), List.of(down, well))) {
            List<Result> told = AtOnce.diagnosed(order, Diagnosis.all());
            Result ap = told.stream().filter(r -> r.series().equals(AP)).findFirst().orElseThrow();
            assertThat(ap.report().cause()).contains(Cause.REGION_DOWN);
            assertThat(ap.report().message()).contains("region ap is down", "connect_refused", "eu answers");
            assertThat(told).contains(well);
        }
    }

    @Test
    void whatFailsEverywhereKeepsItsOwnCause() {
        List<Result> down = List.of(
                Runs.fail(EU, AT, Cause.CONNECT_REFUSED, "refused"), Runs.fail(AP, AT, Cause.CONNECT_REFUSED, "refused"));
        assertThat(AtOnce.diagnosed(down, Diagnosis.all())).isEqualTo(down);
    }

    @Test
    void aRegionThatIsBrokenOnOurSideProvesNothing() {
        List<Result> results = List.of(
                Runs.fail(EU, AT, Cause.LOCAL_NETWORK, "no route"), Runs.fail(AP, AT, Cause.CONNECT_REFUSED, "refused"));
        assertThat(AtOnce.diagnosed(results, Diagnosis.all())).isEqualTo(results);
    }
}
