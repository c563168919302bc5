package dev.gatewatch.probes.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DestinationsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pay.example:443 | pay.example:443",
        "pay_v2:80,443 | pay_v2:80 pay_v2:443",
        "a:8000-8002,80,8001 | a:8000 a:8001 a:8002 a:80",
        "10.0.0.254/31:22 | 10.0.0.254:22 10.0.0.255:22",
        "10.0.0.0/30:1,2 | 10.0.0.0:1 10.0.0.0:2 10.0.0.1:1 10.0.0.1:2 10.0.0.2:1 10.0.0.2:2 10.0.0.3:1 10.0.0.3:2",
        "0.0.0.0/31:22 | 0.0.0.0:22 0.0.0.1:22",
        "[fd00::fffe/127]:443 | [fd00:0:0:0:0:0:0:fffe]:443 [fd00:0:0:0:0:0:0:ffff]:443",
        "[::1]:443 | [0:0:0:0:0:0:0:1]:443",
        "192.0.2.7:65535 | 192.0.2.7:65535",
    })
    void aLineStandsForAllItsCombinations(String text, String all) {
        assertThat(Destinations.parse(text).orElseThrow().all().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pay.example", "pay.example:", ":443", "a:0", "a:65536", "a:9-8", "a:1,", "a:-", "10.0.0.0/23:80", "10.0.0.1/24:80",
                "10.0.0.0/24:80,81", "a:1-257", "fd00::1:443", "[fd00::/64]:443", "[a]:1", "a b:1", "a/b:1"
            })
    void aLineThatMeansNothingOrTooMuchIsRefused(String text) {
        assertThat(Destinations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/24:80", "10.0.0.0/25:80,81", "a:1-256"})
    void asManyAsTheBoundAreTaken(String text) {
        assertThat(Destinations.parse(text).orElseThrow().all()).hasSize(Destinations.MOST);
    }
}
