package dev.gatewatch.alerting.rule;

import static dev.gatewatch.alerting.kit.Story.INTERVAL;
import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesWindowTest {
    private static final Series SERIES = new Series("gateway", "", "dc1");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 16, 100})
    void theLatestRunsStayInOrderWhateverTheCapacity(int capacity) {
        var window = new SeriesWindow(capacity, INTERVAL, Optional.empty());
        for (int i = 0; i < 250; i++) {
            window.add(Story.slow(SERIES, T.plusSeconds(i), Duration.ofMillis(i + 2L), Outcome.PASS));
            assertThat(window.size()).isEqualTo(Math.min(i + 1, capacity));
            for (int age = 0; age < window.size(); age++) {
                assertThat(window.startedAt(age)).isEqualTo(T.plusSeconds(i - age));
                assertThat(window.latencyMicros(age)).isEqualTo((i - age + 2) * 1_000);
            }
        }
    }

    @Test
    void brokenRunsAreNotTakenIn() {
        var window = new SeriesWindow(5, INTERVAL, Optional.empty());

        assertThat(window.add(Story.run(SERIES, 'B', T))).isFalse();
        assertThat(window.add(Story.run(SERIES, 'F', T))).isTrue();
        assertThat(window.size()).isEqualTo(1);
        assertThat(window.cause(0)).contains(Cause.HTTP_STATUS);
        assertThat(window.outcome(0)).isEqualTo(Outcome.FAIL);
    }

    @Test
    void runsBeyondTheReachAreNotWithin() {
        var window = new SeriesWindow(100, INTERVAL, Optional.empty());
        Story.of(SERIES, "S S S S S S S S S S").forEach(window::add);

        assertThat(window.within(Duration.ofSeconds(30))).isEqualTo(3);
        assertThat(window.within(Duration.ofMillis(30_001))).isEqualTo(4);
        assertThat(window.within(Duration.ofHours(1))).isEqualTo(10);
    }

    @Test
    void aRunThatIsNotThereIsAnError() {
        var window = new SeriesWindow(3, INTERVAL, Optional.empty());

        assertThatThrownBy(() -> window.startedAt(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
