package dev.gatewatch.probes.nameserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameServerTest {
    @ParameterizedTest
    @CsvSource({
        "9.9.9.9, UDP, 9.9.9.9:53, 9.9.9.9",
        "9.9.9.9:5353, UDP, 9.9.9.9:5353, 9.9.9.9:5353",
        "2001:db8::53, UDP, [2001:db8::53]:53, 2001:db8::53",
        "[::1]:5353, UDP, [::1]:5353, [::1]:5353",
        "ns.example, UDP, ns.example:53, ns.example",
        "udp://ns.example, UDP, ns.example:53, ns.example",
        "TCP://[::1], TCP, [::1]:53, tcp://[::1]",
        "tcp://9.9.9.9:5353, TCP, 9.9.9.9:5353, tcp://9.9.9.9:5353",
        "tls://1.1.1.1, TLS, 1.1.1.1:853, tls://1.1.1.1",
        "tls://dns.example:8853, TLS, dns.example:8853, tls://dns.example:8853",
        "tls://1.1.1.1#one.example, TLS, 1.1.1.1:853, tls://1.1.1.1#one.example",
        "https://dns.example, HTTPS, dns.example:443, https://dns.example/dns-query",
        "https://dns.example/, HTTPS, dns.example:443, https://dns.example/dns-query",
        "https://dns.example:8443/q, HTTPS, dns.example:8443, https://dns.example:8443/q",
        "https://[2001:db8::1]/q, HTTPS, [2001:db8::1]:443, https://[2001:db8::1]/q",
        "https://dns.example/q{?dns}, HTTPS, dns.example:443, https://dns.example/q{?dns}",
    })
    void oneIsReadAsPeopleWriteIt(String text, Transport transport, String address, String shown) {
        NameServer server = NameServer.parse(text).orElseThrow();

        assertThat(server.transport()).isEqualTo(transport);
        assertThat(server.address().map(HostPort::toString)).contains(address);
        assertThat(server).hasToString(shown);
        assertThat(NameServer.parse(server.toString())).contains(server);
    }

    @Test
    void theQueryOfAUrlMayHoldATokenAndIsNotShown() {
        NameServer server = NameServer.parse("https://dns.example/q?token=s3cret").orElseThrow();

        assertThat(server.url()).isEqualTo("https://dns.example/q?token=s3cret");
        assertThat(server).hasToString("https://dns.example/q?…");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "quic://1.1.1.1", "http://dns.example/dns-query", "tls://", "1.1.1.1:0x35", "1.1.1.1:99999", "1.1.1.1#name", "tcp://a/b",
        "https://user:pass@dns.example/q", "https://dns.example/q#f", "https:///q", "a b", "[::1", "tls://a#", "https://dns.example:99999/"
    })
    void whatIsNoNameServerIsNotRead(String text) {
        assertThat(NameServer.parse(text)).isEmpty();
    }

    @Test
    void theMachinesOwnHasAWord() {
        assertThat(NameServer.parse("system")).contains(NameServer.SYSTEM);
        assertThat(NameServer.SYSTEM).hasToString("system");
        assertThat(NameServer.SYSTEM.address()).isEqualTo(Optional.empty());
    }
}
