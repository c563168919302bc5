package dev.gatewatch.probes.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetGuardTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.1, 127.0.0.1, true",
        "203.0.113.1, ::1, true",
        "203.0.113.1, 0.0.0.0, true",
        "203.0.113.1, 169.254.169.254, true",
        "127.0.0.1, 169.254.169.254, true",
        "203.0.113.1, fe80::1, true",
        "127.0.0.1, 127.0.0.1, false",
        "127.0.0.1, ::1, false",
        "203.0.113.1, 10.0.0.1, false",
        "127.0.0.1, 203.0.113.1, false",
    })
    void aRedirectMayNotLeadInward(String first, String to, boolean refused) {
        assertThat(TargetGuard.refuses(InetAddress.ofLiteral(first), InetAddress.ofLiteral(to))
                        .isPresent())
                .isEqualTo(refused);
    }
}
