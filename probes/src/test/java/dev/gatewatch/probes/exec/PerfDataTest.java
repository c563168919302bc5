package dev.gatewatch.probes.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerfDataTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "time=0.012s, time, 0.012",
                "rta=12.5ms, rta, 0.0125",
                "t=7us, t, 0.000007",
                "t=7ns, t, 0.000000007",
                "pl=80%, pl, 0.8",
                "size=5B, size, 5",
                "size=2KB, size, 2048",
                "/=3MB, /, 3145728",
                "a=1GB, a, 1073741824",
                "a=1TB, a, 1099511627776",
                "a=1MiB, a, 1048576",
                "hits=123456c, hits, 123456",
                "load1=0.050, load1, 0.05",
                "x=-3.5, x, -3.5",
                "x=+4, x, 4",
                "x=.5, x, 0.5",
                "x=1e3, x, 1000",
                "x=7furlongs, x, 7",
                "'a label'=1, a label, 1",
                "'it''s'=1, it's, 1",
                "'a=b'=1, a=b, 1",
                "'C:\\ %'=1%, C:\\ %, 0.01"
            })
    void aValueIsReadInBaseUnits(String written, String label, double value) {
        PerfData data = PerfData.of(written);

        assertThat(data.unreadable()).isEmpty();
        assertThat(data.values()).singleElement().satisfies(v -> {
            assertThat(v.label()).isEqualTo(label);
            assertThat(v.value()).isCloseTo(value, within(Math.abs(value) * 1e-12));
        });
    }

    @Test
    void severalValuesStandBesideEachOther() {
        assertThat(PerfData.of("  a=1 'b c'=2ms;;;0\t d=3 ").values().stream().map(PerfValue::label))
                .containsExactly("a", "b c", "d");
    }

    @ParameterizedTest
    @CsvSource({
        "10, , 10",
        "10:, 10, ",
        "~:10, , 10",
        "10:20, 10, 20",
        "0:5, 0, 5",
        "-5:-2, -5, -2",
        "@10:20, , ",
        "'', , ",
        "rubbish, , "
    })
    void aRangeHasItsBounds(String range, Double below, Double above) {
        Threshold threshold = PerfData.of("x=1;" + range).values().getFirst().warning();

        assertThat(threshold.below()).isEqualTo(below == null ? OptionalDouble.empty() : OptionalDouble.of(below));
        assertThat(threshold.above()).isEqualTo(above == null ? OptionalDouble.empty() : OptionalDouble.of(above));
    }

    @Test
    void boundsAreInTheBaseUnitsOfTheirValue() {
        PerfValue value = PerfData.of("rta=5ms;100;500ms;0;1000").values().getFirst();

        assertThat(value.warning().above()).hasValue(0.1);
        assertThat(value.critical().above()).hasValue(0.5);
        assertThat(value.least()).hasValue(0);
        assertThat(value.most()).hasValue(1);
    }

    @Test
    void aValueThatThePluginDoesNotKnowIsLeftOut() {
        assertThat(PerfData.of("a=U b=U; c=1")).satisfies(data -> {
            assertThat(data.values().stream().map(PerfValue::label)).containsExactly("c");
            assertThat(data.unreadable()).isEmpty();
        });
    }

    @Test
    void whatCannotBeReadIsKeptApart() {
        PerfData data = PerfData.of("words a=b 'open=1 x=1e999 y=NaN z=2");

        assertThat(data.values().stream().map(PerfValue::label)).containsExactly("z");
        assertThat(data.unreadable()).containsExactly("words", "a=b", "'open=1", "x=1e999", "y=NaN");
    }

    @Test
    void aFloodIsBounded() {
        assertThat(PerfData.of("a=1 ".repeat(100_000)).values()).hasSize(PerfData.MOST);
        assertThat(PerfData.of("rubbish ".repeat(100_000)).unreadable()).hasSize(10);
        assertThat(PerfData.of("x".repeat(100_000) + "=1").values().getFirst().label()).hasSize(150);
    }

    @Test
    void anythingAtAllIsReadWithoutAFault() {
        var random = new Random(7);
        String alphabet = "ab='';:.,@~-+0123456789eEUkMB%s \t\n|µ\u0000";
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            PluginOutput output = PluginOutput.of(text.toString());
            assertThat(output.perfData().values()).allMatch(v -> Double.isFinite(v.value()));
        }
    }

    @Test
    void outputIsTakenApartAtItsBars() {
        PluginOutput output = PluginOutput.of(
                """
                DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968
                / 15272 MB (77%);
                /boot 68 MB (69%);
                /home 69357 MB (27%); | /boot=68MB;88;93;0;98
                /home=69357MB;253404;253409;0;253414
                """);

        assertThat(output.firstLine()).isEqualTo("DISK OK - free space: / 3326 MB (56%); ");
        assertThat(output.longText()).startsWith("/ 15272 MB").endsWith("(27%); ");
        assertThat(output.perfData().values().stream().map(PerfValue::label)).isEqualTo(List.of("/", "/boot", "/home"));
    }
}
