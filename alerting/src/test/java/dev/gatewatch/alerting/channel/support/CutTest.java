package dev.gatewatch.alerting.channel.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutTest {
    @ParameterizedTest
    @CsvSource({"abc,3,abc", "abcd,3,ab…", "支付网关,4,支付网关", "支付网关,3,支付…", "😀😀,4,😀😀", "😀😀,3,😀…", "😀😀,2,…", "abc,1,…", "abc,0,''"})
    void charactersAreCutBetweenCodePoints(String text, int most, String cut) {
        assertThat(Cut.chars(text, most)).isEqualTo(cut);
    }

    @ParameterizedTest
    @CsvSource({
        "abc,3,abc", "abcdef,5,ab…", "支付网关,12,支付网关", "支付网关,11,支付…", "支付网关,9,支付…", "支付网关,8,支…", "😀😀,8,😀😀", "😀😀,7,😀…",
        "😀😀,6,…", "äöü,6,äöü", "äöü,5,ä…", "abc,2,''"
    })
    void bytesAreCutBetweenCodePoints(String text, int most, String cut) {
        assertThat(Cut.bytes(text, most)).isEqualTo(cut);
        assertThat(Cut.bytes(text, most).getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(most);
    }

    @Test
    void everyCutOfAnyTextIsCleanAndFits() {
        String text = Cut.clean(AlertSamples.huge()).substring(0, 300);
        for (int most = 0; most <= 310; most++) {
            assertThat(Cut.chars(text, most).length()).isLessThanOrEqualTo(most);
            assertThat(Cut.chars(text, most)).isEqualTo(Cut.clean(Cut.chars(text, most)));
            assertThat(Cut.bytes(text, most).getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
        }
    }

    @Test
    void halfCharactersAndControlsAreReplaced() {
        assertThat(Cut.clean("a\ud83db\u0000c\u001bd\ne\tf😀")).isEqualTo("a\uFFFDb c d\ne\tf😀");
        assertThat(Cut.oneLine("  a\r\n\tb\u2028c ")).isEqualTo("a b c");
    }
}
