package dev.gatewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Problem.Severity;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProblemsTest {
    private final Problems problems = new Problems();

    @Test
    void problemsAreListedInTheOrderOfTheFiles() {
        tell("b.yml", 1, 1, "third");
        tell("a.yml", 10, 2, "second");
        tell("a.yml", 9, 7, "first");

        assertThat(problems.list().stream().map(Problem::toString))
                .containsExactly("a.yml:9:7: first", "a.yml:10:2: second", "b.yml:1:1: third");
    }

    @Test
    void whatWasToldBeforeIsListedOnce() {
        tell("a.yml", 1, 1, "same");
        tell("a.yml", 1, 1, "same");
        tell("a.yml", 1, 1, "other");

        assertThat(problems.list()).hasSize(2);
        assertThat(problems.errors()).isEqualTo(3);
    }

    @Test
    void beyondTwoHundredTheRestIsCounted() {
        for (int i = 1; i <= 250; i++) {
            tell("a.yml", i, 1, "wrong");
        }

        assertThat(problems.list()).hasSize(200);
        assertThat(problems.unlisted()).isEqualTo(50);
    }

    @Test
    void aWarningIsNoErrorAndSaysThatItIsOne() {
        problems.add(new Problem(Severity.WARNING, Place.file("a.yml"), "probes", "odd", Optional.of("look at it")));

        assertThat(problems.errors()).isZero();
        assertThat(problems.list().getFirst()).hasToString("a.yml: warning: probes: odd; look at it");
    }

    private void tell(String file, int line, int column, String message) {
        problems.add(new Problem(Severity.ERROR, new Place(file, line, column), "", message, Optional.empty()));
    }
}
