package dev.gatewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.gatewatch.kit.Sections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RegexTypeTest {
    private static final Key<Pattern> KEY = Key.required("matches", Types.regex(), "An expression.");
    private static final SectionType<Pattern> TYPE = SectionType.of("test", List.of(KEY), s -> s.get(KEY));

    @Test
    void anExpressionThatWouldFillTheMemoryWhileItIsCompiledIsRefused() {
        assertThat(Sections.problems(TYPE, Map.of("matches", "a".repeat(Types.LONGEST_REGEX))))
                .isEmpty();
        assertThat(Sections.problems(TYPE, Map.of("matches", "a".repeat(Types.LONGEST_REGEX + 1))))
                .containsExactly("matches: a regular expression of more than 8000 characters");
    }

    @Test
    void aBrokenExpressionIsToldInWords() {
        assertThat(Sections.problems(TYPE, Map.of("matches", "(")))
                .singleElement()
                .asString()
                .startsWith("matches: not a regular expression (RE2 syntax)");
    }
}
