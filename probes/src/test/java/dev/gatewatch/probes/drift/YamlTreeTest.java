package dev.gatewatch.probes.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatewatch.probes.drift.Document.Unreadable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A few hundred bytes of YAML can stand for more than any memory holds: whoever writes it out has to be stopped before. */
final class YamlTreeTest {
    /** Each line nine times the one before: 9^20 texts in the last. */
    private static final String LAUGHS = IntStream.range(0, 21)
            .mapToObj(i -> "l" + i + ": &l" + i + " ["
                    + (i == 0 ? "ha" : ("*l" + (i - 1) + ", ").repeat(8) + "*l" + (i - 1)) + "]\n")
            .collect(Collectors.joining());

    @Test
    void aliasesThatMultiplyAreRefusedWhereverTheyStand() {
        for (String end : new String[] {"all: *l20\n", "? *l20\n: x\n", "all: {<<: *l20}\n", "all: {<<: [*l20, *l20]}\n"}) {
            var refused = catchThrowableOfType(Unreadable.class, () -> YamlTree.of(LAUGHS + end));
            assertThat(refused).as(end).hasMessageStartingWith("its aliases make more than");
            assertThat(refused.isTooLarge()).isTrue();
        }
    }

    @Test
    void aLargeTextIsNotRepeatedWithoutEnd() {
        String text = "a: &a " + "x".repeat(500_000) + "\nb: [" + "*a , ".repeat(1_000) + "]\n? [*a , *a ]\n: y\n";

        assertThatThrownBy(() -> YamlTree.of(text)).isInstanceOf(Unreadable.class).hasMessageStartingWith("its aliases");
    }

    @Test
    void aliasesNestNoDeeperThanWhatIsWrittenOut() {
        String ninety = "[".repeat(90) + "%s" + "]".repeat(90);
        String text = IntStream.range(0, 1_000)
                .mapToObj(i -> "n" + i + ": &n" + i + " " + ninety.formatted(i == 0 ? "x" : "*n" + (i - 1)) + "\n")
                .collect(Collectors.joining());

        assertThatThrownBy(() -> YamlTree.of(text))
                .isInstanceOf(Unreadable.class)
                .hasMessage("it is nested deeper than 100 levels");
    }

    @Test
    void aliasesOfCommonSettingsAreUnderstood() throws Exception {
        String text = "base: &base {pool: 20, log: WARN}\nprod: {<<: *base, pool: 50}\ntest: *base\n";

        assertThat(DocumentFormat.YAML.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), "").values())
                .containsEntry("prod.pool", "50")
                .containsEntry("prod.log", "WARN")
                .containsEntry("test.pool", "20");
    }
}
