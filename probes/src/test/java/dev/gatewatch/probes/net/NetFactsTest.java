package dev.gatewatch.probes.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetFactsTest {
    /** Test vectors of draft-eastlake-fnv, appendix C. */
    @ParameterizedTest
    @CsvSource({"'', 811c9dc5", "a, e40c292c", "foobar, bf9cf968"})
    void theHashIsFnv1a(String text, String hex) {
        assertThat(NetFacts.fnv1a(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(Long.parseLong(hex, 16));
    }
}
