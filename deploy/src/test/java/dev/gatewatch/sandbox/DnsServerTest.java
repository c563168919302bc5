package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class DnsServerTest extends RunningSandbox {
    private static SimpleResolver resolver(Zone.View view, boolean tcp) {
        var resolver = new SimpleResolver(new InetSocketAddress(Loopback.ADDRESS, sandbox.dnsPort(view)));
        resolver.setTimeout(Duration.ofSeconds(5));
        resolver.setTCP(tcp);
        return resolver;
    }

    private static Message ask(Zone.View view, String name, int type, boolean tcp) throws IOException {
        Record question = Record.newRecord(Name.fromString(name), type, DClass.IN);
        return resolver(view, tcp).send(Message.newQuery(question));
    }

    private static List<String> answers(Message reply) {
        return reply.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.sandbox.test., A, 127.0.0.1",
        "GATEWAY.Sandbox.TEST., A, 127.0.0.1",
        "eu.gateway.sandbox.test., A, 127.0.0.1",
        "ap.gateway.sandbox.test., A, 127.0.0.1",
        "sandbox.test., TXT, '\"the payment sandbox of gatewatch demo\"'",
    })
    void bothServersAnswerOverUdpAndTcp(String name, String type, String answer) throws IOException {
        for (Zone.View view : Zone.View.values()) {
            for (boolean tcp : new boolean[] {false, true}) {
                Message reply = ask(view, name, Type.value(type), tcp);
                assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
                assertThat(answers(reply)).containsExactly(answer);
            }
        }
    }

    @Test
    void theZoneHasAStartOfAuthorityAndNameServers() throws IOException {
        assertThat(answers(ask(Zone.View.PUBLIC, "sandbox.test.", Type.SOA, false))).hasSize(1);
        assertThat(answers(ask(Zone.View.PUBLIC, "sandbox.test.", Type.NS, false)))
                .containsExactlyInAnyOrder("ns1.sandbox.test.", "ns2.sandbox.test.");
    }

    @Test
    void aNameWithoutThatTypeIsNoError() throws IOException {
        Message reply = ask(Zone.View.LOCAL, "gateway.sandbox.test.", Type.AAAA, false);
        assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answers(reply)).isEmpty();
        assertThat(reply.getSection(Section.AUTHORITY)).extracting(Record::getType).containsExactly(Type.SOA);
    }

    @Test
    void anUnknownNameDoesNotExistAndAForeignOneIsRefused() throws IOException {
        assertThat(ask(Zone.View.LOCAL, "shop.sandbox.test.", Type.A, false).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask(Zone.View.LOCAL, "example.com.", Type.A, false).getRcode()).isEqualTo(Rcode.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nxdomainIsForTheGatewaysNameOnBothServers(boolean tcp) throws IOException {
        visitor.turn(sandbox, "dns-nxdomain", true);
        for (Zone.View view : Zone.View.values()) {
            assertThat(ask(view, "gateway.sandbox.test.", Type.A, tcp).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        }
        assertThat(ask(Zone.View.LOCAL, "eu.gateway.sandbox.test.", Type.A, tcp).getRcode())
                .isEqualTo(Rcode.NOERROR);
        visitor.turn(sandbox, "dns-nxdomain", false);
        assertThat(ask(Zone.View.LOCAL, "gateway.sandbox.test.", Type.A, tcp).getRcode())
                .isEqualTo(Rcode.NOERROR);
    }

    @Test
    void servfailIsForAllNamesOnBothServers() throws IOException {
        visitor.turn(sandbox, "dns-servfail", true);
        for (Zone.View view : Zone.View.values()) {
            assertThat(ask(view, "gateway.sandbox.test.", Type.A, false).getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(ask(view, "sandbox.test.", Type.SOA, true).getRcode()).isEqualTo(Rcode.SERVFAIL);
        }
    }

    @Test
    void theWrongAddressComesFromTheLocalServerOnly() throws IOException {
        visitor.turn(sandbox, "dns-wrong-address", true);
        assertThat(answers(ask(Zone.View.LOCAL, "gateway.sandbox.test.", Type.A, false)))
                .containsExactly("203.0.113.66");
        assertThat(answers(ask(Zone.View.PUBLIC, "gateway.sandbox.test.", Type.A, false)))
                .containsExactly("127.0.0.1");
        visitor.turn(sandbox, "dns-wrong-address", false);
        assertThat(answers(ask(Zone.View.LOCAL, "gateway.sandbox.test.", Type.A, false)))
                .containsExactly("127.0.0.1");
    }

    @Test
    void garbageIsLeftUnansweredAndTheNextQueryIsServed() throws IOException {
        InetSocketAddress server = new InetSocketAddress(Loopback.ADDRESS, sandbox.dnsPort(Zone.View.LOCAL));
        try (DatagramSocket socket = new DatagramSocket()) {
            for (byte[] garbage : List.of(new byte[0], new byte[] {1}, new byte[40], "x".repeat(900).getBytes(StandardCharsets.UTF_8))) {
                socket.send(new DatagramPacket(garbage, garbage.length, server));
            }
        }
        assertThat(answers(ask(Zone.View.LOCAL, "gateway.sandbox.test.", Type.A, false)))
                .containsExactly("127.0.0.1");
    }

    @Test
    void edns0IsAnsweredInKind() throws IOException {
        SimpleResolver resolver = resolver(Zone.View.LOCAL, false);
        resolver.setEDNS(0, 4096, 0);
        Message query =
                Message.newQuery(Record.newRecord(Name.fromString("gateway.sandbox.test."), Type.A, DClass.IN));
        Message reply = resolver.send(query);
        assertThat(reply.getOPT()).isNotNull();
        assertThat(reply.getHeader().getFlag(Flags.TC)).isFalse();
    }
}
