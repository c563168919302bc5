package dev.gatewatch.alerting.channel.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Wording.Language;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing is missing in a language, and nothing is said in the wrong one. */
class PhrasesTest {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d)}");
    private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

    private final Properties english = Phrases.read("notices_en");
    private final Properties chinese = Phrases.read("notices_zh");
    private final Properties causes = Phrases.read("causes_zh");

    @Test
    void bothLanguagesSayTheSameWithTheSameValues() {
        assertThat(chinese.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
        assertThat(english.stringPropertyNames()).allSatisfy(key -> assertThat(placeholders(chinese.getProperty(key)))
                .as(key)
                .isEqualTo(placeholders(english.getProperty(key))));
    }

    /** What a counted sentence for one need not say: the number. */
    private static Set<String> placeholders(String sentence) {
        var found = new TreeSet<String>();
        PLACEHOLDER.matcher(sentence).results().forEach(m -> found.add(m.group(1)));
        return found;
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void everyCauseHasATitleAMeaningAndARemedyInChinese(Cause cause) {
        for (String what : new String[] {"name", "meaning", "remedy"}) {
            assertThat(causes.getProperty(cause.code() + "." + what, ""))
                    .as("%s.%s", cause.code(), what)
                    .isNotBlank()
                    .containsPattern(CHINESE)
                    .doesNotContain("{");
        }
        assertThat(causes.getProperty(cause.code() + ".name")).hasSizeLessThanOrEqualTo(20).doesNotEndWith("。");
        assertThat(causes.getProperty(cause.code() + ".meaning")).endsWith("。");
        assertThat(causes.getProperty(cause.code() + ".remedy")).endsWith("。");
    }

    @ParameterizedTest
    @EnumSource(CauseClass.class)
    void everyClassHasAName(CauseClass causeClass) {
        for (Language language : Language.values()) {
            assertThat(Phrases.of(language).of(causeClass)).isNotBlank();
        }
    }

    @Test
    void theEnglishBundleIsEnglish() {
        assertThat(english.values()).noneMatch(v -> CHINESE.matcher(v.toString()).find());
    }

    @Test
    void aValueThatLooksLikeAPlaceholderStaysAsItIs() {
        assertThat(Phrases.of(Language.EN).say("acknowledged.comment", "{1}", "{2}", "{0}"))
                .isEqualTo("Acknowledged by {1} at {2}: {0}");
    }
}
