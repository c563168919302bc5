package dev.gatewatch.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class BandsTest {
    private static final Instant T = Instant.parse("2026-03-02T12:00:00Z");

    private static Bands.Point point(int minute) {
        return new Bands.Point(T.plus(Duration.ofMinutes(minute)), 40 + minute, 50 + minute, 60 + minute);
    }

    @Test
    void pointsAreTenMinutesApart() {
        Bands bands = Bands.NONE.with(point(0));

        assertThat(Bands.NONE.due(T)).isTrue();
        assertThat(bands.due(T.plus(Duration.ofMinutes(9)))).isFalse();
        assertThat(bands.due(T.plus(Duration.ofMinutes(10)))).isTrue();
    }

    @Test
    void noMoreThanADayIsKept() {
        Bands bands = Bands.NONE;
        for (int i = 0; i < 3 * Bands.MOST; i++) {
            bands = bands.with(point(10 * i));
        }
        Instant last = point(10 * (3 * Bands.MOST - 1)).at();

        assertThat(bands.since(Instant.EPOCH)).hasSize(Bands.MOST);
        assertThat(bands.since(last.minus(Duration.ofHours(1)))).hasSize(7);
        assertThat(bands.coverADay()).isTrue();
        assertThat(bands.size()).isLessThan(2_400);
    }

    @Test
    void afterALongGapOldPointsAreForgotten() {
        Bands bands = Bands.NONE.with(point(0)).with(point(10)).with(point(3 * 1_440));

        assertThat(bands.since(Instant.EPOCH)).containsExactly(point(3 * 1_440));
    }

    @Test
    void theyAreReadAsTheyWereWritten() {
        Bands bands = Bands.NONE.with(point(0)).with(point(10));
        ByteBuffer out = ByteBuffer.allocate(bands.size());
        bands.write(out);

        assertThat(out.hasRemaining()).isFalse();
        assertThat(Bands.read(out.flip()).since(Instant.EPOCH)).containsExactly(point(0), point(10));
        assertThatThrownBy(() -> Bands.read(ByteBuffer.wrap(new byte[] {(byte) 0x7f, 0}))).hasMessageContaining("points");
    }
}
