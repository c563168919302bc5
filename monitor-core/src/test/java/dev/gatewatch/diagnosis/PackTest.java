package dev.gatewatch.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.diagnosis.Pack.Place;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackTest {
    private static final Instant T = Instant.parse("2026-03-02T09:14:00Z");

    private static Standing region(String name, double now, double usual, Instant latest) {
        var pace = new Pace(millis(now), millis(usual), millis(usual * 1.25));
        return new Standing(new Series("rates", name, "dc1"), false, T, latest, millis(now), Optional.of(pace));
    }

    private static Duration millis(double ms) {
        return Duration.ofNanos((long) (ms * 1e6));
    }

    /** {@code now/usual} of each region, the first one's own. */
    private static Symptom symptom(String regions, boolean named) {
        var all = new ArrayList<Standing>();
        for (String region : regions.trim().split(" +")) {
            String[] parts = region.split("/");
            all.add(region("r" + all.size(), Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), T.plusSeconds(60)));
        }
        return new Symptom(Cause.LATENCY_BASELINE, "", all.getFirst(), all.subList(1, all.size()), 0, named);
    }

    @ParameterizedTest
    @CsvSource({
        // of three: far off its own usual, while the others are as usual
        "412/290  120/120 180/180,          false, LEFT",
        "412/290  126/120 172/180,          false, LEFT",
        // always slower is no fault
        "290/290  120/120 180/180,          false, WITHIN",
        // all of them by as much
        "412/290  170/120 255/180,          false, WITHIN",
        // all of them by as many milliseconds: the quickest one looks worst
        "1010/10  1060/60 1145/145,         false, WITHIN",
        // restless company
        "412/290  120/120 234/180,          false, WITHIN",
        // one other in trouble does not hide it among many
        "412/290  120/120 180/180 90/90 400/200, false, LEFT",
        // too little, unless it was named before: then it stays so until it is nearly back
        "325/290  120/120 180/180,          false, WITHIN",
        "325/290  120/120 180/180,          true,  LEFT",
        "305/290  120/120 180/180,          true,  BACK",
        "305/290  170/120 255/180,          true,  WITHIN",
        "305/290  120/120 180/180,          false, WITHIN",
        // of two: a clear gap
        "412/290  120/120,                  false, LEFT",
        "350/290  120/120,                  false, WITHIN",
        "350/290  120/120,                  true,  LEFT",
        "412/290  160/120,                  false, WITHIN",
        // quicker is no trouble, whatever the others do
        "290/290  60/120 90/180,            false, WITHIN",
        // alone
        "412/290,                           false, UNKNOWN",
    })
    void aRegionIsMeasuredByItsOwnUsualBesideTheOthersByTheirs(String regions, boolean named, Place place) {
        assertThat(Pack.place(symptom(regions, named))).isEqualTo(place);
    }

    @Test
    void thoseThatHaveNotRunSinceTheTroubleBeganAreNotCompared() {
        Standing own = region("ap", 412, 290, T.plusSeconds(60));
        Standing silent = region("eu", 120, 120, T.minusSeconds(60));
        Standing unlearnt = new Standing(new Series("rates", "us", "dc1"), false, T, T.plusSeconds(60), millis(180));

        assertThat(Pack.place(new Symptom(Cause.LATENCY_BASELINE, "", own, List.of(silent, unlearnt), 0))).isEqualTo(Place.UNKNOWN);
    }

    @Test
    void theNumbersOfAllAreTold() {
        Symptom usual = symptom("412/290 121/120 180/181", false);
        assertThat(Pack.told(usual))
                .isEqualTo("412 ms, usually 290 ms; beside it r1 121 ms (usually 120 ms) and r2 180 ms (usually 181 ms), as usual");
        assertThat(Pack.told(symptom("2412/290 9.12/5.1", false)))
                .isEqualTo("2.41 s, usually 290 ms; beside it r1 9.12 ms (usually 5.10 ms)");
    }

    @Test
    void theFindingReplacesTheCruderOne() {
        var diagnosis = new RegionDiagnosis();

        assertThat(diagnosis.diagnose(symptom("412/290 120/120 180/180", false)))
                .hasValueSatisfying(finding -> assertThat(finding.message()).startsWith("region r0 is slow: 412 ms, usually 290 ms"));
        assertThat(diagnosis.diagnose(symptom("412/290 170/120 255/180", false))).isEmpty();
        assertThat(diagnosis.diagnose(symptom("295/290 120/120 180/180", true))).hasValueSatisfying(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.REGION_SLOW);
            assertThat(finding.message()).startsWith("region r0 was slow and is as usual again: 295 ms, usually 290 ms");
        });
    }
}
