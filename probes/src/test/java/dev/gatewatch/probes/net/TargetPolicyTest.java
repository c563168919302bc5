package dev.gatewatch.probes.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetPolicyTest {
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
        assertThat(TargetPolicy.STANDARD.refusesRedirect(to, at(to, 80), InetAddress.ofLiteral(first)))
                .matches(answer -> answer.isPresent() == refused);
    }

    @ParameterizedTest
    @CsvSource({
        "pay.example, 10.1.2.3, 443, false",
        "pay.example, 10.1.2.3, 8080, true",
        "pay.example, 10.200.0.1, 443, false",
        "api.bank.example, 192.0.2.9, 443, false",
        "bank.example, 192.0.2.9, 443, true",
        "BANK-2.example., 192.0.2.9, 25, false",
        "x, 2001:db8::7, 8443, false",
        "x, 2001:db8::7, 8444, true",
        "x, 169.254.1.1, 443, true",
    })
    void whereSomeAreAllowedNothingElseIs(String host, String address, int port, boolean refused) {
        var policy = TargetPolicy.of(
                List.of("10.0.0.0/8:443", "*.bank.example", "bank-2.example", "[2001:db8::/32]:8000-8443"), List.of());
        assertThat(policy.refuses(host, at(address, port))).matches(answer -> answer.isPresent() == refused);
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, true",
        "fe80::1, true",
        "fd00:ec2::254, true",
        "100.100.100.200, true",
        "192.168.0.0, false",
        "127.0.0.1, false",
    })
    void linkLocalAndMetadataAddressesAreDeniedFromTheStart(String address, boolean refused) {
        assertThat(TargetPolicy.STANDARD.refuses("metadata", at(address, 80)))
                .matches(answer -> answer.isPresent() == refused);
        assertThat(TargetPolicy.of(List.of(address), List.of()).refuses("metadata", at(address, 80)))
                .as("unless it is allowed in words")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1/8", "10.0.0.0/33", "300.1.1.1", "host name", "1.2.3.4:70000", "1.2.3.4:9-8", "*", "a:b", "[::1", "::/129",
    })
    void aLineThatMeansNothingIsRefused(String line) {
        assertThat(Sections.problems(TargetPolicy.TYPE, Map.of("deny", List.of(line))))
                .singleElement()
                .asString()
                .contains("expected a CIDR block");
    }

    @Test
    void theReasonNamesTheLine() {
        var policy = TargetPolicy.of(List.of(), List.of("*.internal:1-1024"));
        assertThat(policy.refuses("db.internal", at("10.0.0.5", 443)).orElseThrow().message())
                .isEqualTo("db.internal (10.0.0.5:443) may not be probed: targets.deny has *.internal:1-1024; nothing was sent");
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
