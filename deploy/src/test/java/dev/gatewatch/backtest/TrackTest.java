package dev.gatewatch.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatewatch.baseline.Band;
import org.junit.jupiter.api.Test;

final class TrackTest {
    private static final long T = Played.T;

    @Test
    void aLongHistoryIsKeptInFewStretchesThatLoseNoRun() {
        var track = new Track(T);
        int minutes = 200_000;
        for (int i = 0; i < minutes; i++) {
            track.add(T + i * 60_000L, i == 150_000 ? 900 : 10, i % 100 != 0, _ -> new Band(5, 10, 20));
        }
        double failed = 0;
        float most = 0;
        for (int i = 0; i < track.size(); i++) {
            failed += track.failed(i) * track.width() / 60_000;
            most = Math.max(most, track.most(i));
            assertThat(track.upper(i)).isEqualTo(20f);
        }

        assertThat(track.size()).isLessThanOrEqualTo(Track.MOST);
        assertThat(track.startOf(track.size() - 1)).isBetween(T, T + minutes * 60_000L);
        assertThat(failed).isEqualTo(minutes / 100.0, within(5.0));
        assertThat(track.mean(10)).isEqualTo(10f, within(0.01f));
    }

    @Test
    void aTimeWithoutRunsIsEmpty() {
        var track = new Track(T);
        track.add(T, 10, true, _ -> Band.UNKNOWN);
        track.add(T + 600_000, 10, true, _ -> Band.UNKNOWN);

        assertThat(track.size()).isEqualTo(11);
        assertThat(track.known(0)).isTrue();
        assertThat(track.known(5)).isFalse();
        assertThat(track.lower(0)).isNaN();
    }
}
