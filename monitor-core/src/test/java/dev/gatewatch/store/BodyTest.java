package dev.gatewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyTest {
    static List<Report> reports() {
        return List.of(
                Report.builder().build(),
                https(),
                Report.builder().broken(Cause.INTERNAL_ERROR, "a bug").build(),
                Report.builder()
                        .phase("connect", Duration.ofNanos(1_234_000))
                        .fact("status", 503)
                        .fact("ok", false)
                        .fail(Cause.SERVER_OVERLOADED, "status 503 ☠ \uD83D\uDCA5")
                        .evidence("body", "<html>".repeat(600))
                        .evidence("empty", "")
                        .build());
    }

    @ParameterizedTest
    @MethodSource("reports")
    void aReportIsUnpackedAsItWasPacked(Report report) {
        Shape shape = Shape.of(report);

        assertThat(Body.unpack(report.outcome(), Body.pack(report, shape, false), null)).isEqualTo(report);
        assertThat(Body.unpack(report.outcome(), Body.pack(report, shape, true), shape)).isEqualTo(report);
    }

    @ParameterizedTest
    @MethodSource("reports")
    void aShapeIsUnpackedAsItWasPacked(Report report) {
        var packer = new Packer();
        Shape.of(report).pack(packer);

        assertThat(Shape.unpack(new Packer.Reader(packer.bytes()))).isEqualTo(Shape.of(report));
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0, -0.0, 1, -1, 63, 64, 200, 1_798_761_600, 1e15, -1e15, 9_007_199_254_740_991.0, 9_007_199_254_740_992.0,
                1e300, 0.25, -0.1, Double.MIN_VALUE, Double.POSITIVE_INFINITY
            })
    void aNumberIsUnpackedAsItWasPacked(double number) {
        var packer = new Packer();
        packer.decimal(number);

        assertThat(new Packer.Reader(packer.bytes()).decimal()).isEqualTo(number);
    }

    @Test
    void aHealthyRunTakesFewBytesOnceItsShapeIsKept() {
        Report report = https();

        assertThat(Body.pack(report, Shape.of(report), true)).hasSizeLessThan(60);
    }

    @Test
    void repetitiveEvidenceIsDeflated() {
        Report report = reports().getLast();

        assertThat(Body.pack(report, Shape.of(report), true)).hasSizeLessThan(200);
    }

    @Test
    void damagedBytesAreRefusedWhateverIsWrong() {
        Report report = reports().getLast();
        byte[] whole = Body.pack(report, Shape.of(report), false);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().isThrownBy(() -> Body.unpack(Outcome.FAIL, cut, null));
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) 0xff;
            try {
                Body.unpack(Outcome.FAIL, flipped, null);
            } catch (IllegalArgumentException _) {
                // refused, as it should be; what happens to be readable is fine too
            }
        }
    }

    @Test
    void aCauseOfANewerVersionBecomesTheGeneralOneOfItsClass() {
        var packer = new Packer();
        packer.put(2);
        var words = new Packer();
        List.of("flux_decoupled", "network", "all gone").forEach(words::text);
        words.number(0);
        packer.number(words.bytes().length);
        packer.put(words.bytes());

        Report report = Body.unpack(Outcome.FAIL, packer.bytes(), Shape.of(Report.builder().build()));

        assertThat(report.cause()).contains(Cause.CONNECTION_RESET);
        assertThat(report.message()).isEqualTo("(flux_decoupled) all gone");
    }

    private static Report https() {
        return Runs.pass(new Series("p", "", "here"), Instant.EPOCH, Duration.ofMillis(42)).report();
    }
}
