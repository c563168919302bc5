package dev.gatewatch.probes.nameserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.net.UnresolvedException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Names resolved by a server of one's own: dnsmasq, and peers written by hand for what it does not do. */
class ServerResolverTest {
    private static final Duration AMPLE = Duration.ofSeconds(10);

    @TempDir
    private static Path folder;

    private static DnsServers.Running dnsmasq;

    @BeforeAll
    static void start() throws Exception {
        dnsmasq = DnsServers.dnsmasq(
                folder,
                DnsServers.freePort("127.0.0.1"),
                "pay.example",
                "--host-record=gateway.pay.example,127.0.0.1,::1",
                "--host-record=four.pay.example,127.0.0.4",
                "--cname=www.pay.example,gateway.pay.example",
                "--txt-record=text.pay.example,hello");
    }

    @AfterAll
    static void stop() {
        if (dnsmasq != null) {
            dnsmasq.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway.pay.example | 127.0.0.1 ::1",
                "GATEWAY.pay.example. | 127.0.0.1 ::1",
                "www.pay.example | 127.0.0.1 ::1",
                "four.pay.example | 127.0.0.4",
                "127.0.0.9 | 127.0.0.9",
                "2001:db8::1 | 2001:db8::1",
                "localhost | 127.0.0.1 ::1",
            })
    void dnsmasqsNamesBecomeAddresses(String host, String addresses) throws Exception {
        assertThat(resolver(dnsmasq.address()).resolve(host, Deadline.after(AMPLE)).addresses())
                .containsExactly(List.of(addresses.split(" ")).stream()
                        .map(InetAddress::ofLiteral)
                        .toArray(InetAddress[]::new));
    }

    @Test
    void whatDnsmasqDoesNotKnowHasItsCause() throws Exception {
        assertThat(failing(dnsmasq.address(), "gone.pay.example"))
                .isEqualTo(new Failure(
                        Cause.DNS_NXDOMAIN, "the name gone.pay.example does not exist, says name server " + dnsmasq.address()));
        assertThat(failing(dnsmasq.address(), "text.pay.example").cause()).isEqualTo(Cause.DNS_NO_ADDRESS);
        assertThat(failing(dnsmasq.address(), "elsewhere.example").cause()).isEqualTo(Cause.DNS_REFUSED);
    }

    @ParameterizedTest
    @CsvSource({"NXDOMAIN, DNS_NXDOMAIN", "SERVFAIL, DNS_SERVFAIL", "REFUSED, DNS_REFUSED", "NOTIMP, DNS_SERVFAIL"})
    void everyCodeHasItsCause(String rcode, Cause cause) throws Exception {
        try (var peer = new DnsPeer(replying(m -> m.getHeader().setRcode(Rcode.value(rcode))))) {
            assertThat(failing(peer.address(), "pay.example").cause()).isEqualTo(cause);
        }
    }

    @Test
    void aSilentServerIsATimeout() throws Exception {
        try (var peer = new DnsPeer(_ -> Optional.empty())) {
            Failure failure = failing(peer.address(), "pay.example", Duration.ofMillis(200));

            assertThat(failure.cause()).isEqualTo(Cause.DNS_TIMEOUT);
            assertThat(failure.message()).contains(peer.address()).contains("pay.example");
        }
    }

    @Test
    void oneFamilyIsEnoughWhereTheOtherFails() throws Exception {
        try (var peer = new DnsPeer(query -> query.getQuestion().getType() == Type.AAAA
                ? replying(m -> m.getHeader().setRcode(Rcode.SERVFAIL)).apply(query)
                : replying(m -> m.addRecord(a(m.getQuestion().getName(), "127.0.0.5"), ANSWER)).apply(query))) {
            assertThat(resolver(peer.address()).resolve("pay.example", Deadline.after(AMPLE)).addresses())
                    .containsExactly(InetAddress.ofLiteral("127.0.0.5"));
        }
    }

    @Test
    void aliasesAreFollowedOverSeveralAnswers() throws Exception {
        Name end = name("end.example.");
        try (var peer = new DnsPeer(replying(m -> {
            Name asked = m.getQuestion().getName();
            if (!asked.equals(end)) {
                m.addRecord(new CNAMERecord(asked, DClass.IN, 60, end), ANSWER);
            } else if (m.getQuestion().getType() == Type.A) {
                m.addRecord(a(asked, "127.0.0.6"), ANSWER);
            } else {
                m.addRecord(new AAAARecord(asked, DClass.IN, 60, InetAddress.ofLiteral("::1")), ANSWER);
            }
        }))) {
            assertThat(resolver(peer.address()).resolve("pay.example", Deadline.after(AMPLE)).addresses())
                    .containsExactly(InetAddress.ofLiteral("127.0.0.6"), InetAddress.ofLiteral("::1"));
        }
    }

    @Test
    void aliasesInACircleLeadNowhere() throws Exception {
        Name one = name("one.example.");
        Name other = name("other.example.");
        try (var within = new DnsPeer(replying(m -> {
                    m.addRecord(new CNAMERecord(one, DClass.IN, 60, other), ANSWER);
                    m.addRecord(new CNAMERecord(other, DClass.IN, 60, one), ANSWER);
                }));
                var across = new DnsPeer(replying(m -> {
                    Name asked = m.getQuestion().getName();
                    m.addRecord(new CNAMERecord(asked, DClass.IN, 60, asked.equals(one) ? other : one), ANSWER);
                }))) {
            assertThat(failing(within.address(), "one.example").cause()).isEqualTo(Cause.DNS_SERVFAIL);
            assertThat(failing(across.address(), "one.example").message()).contains("lead nowhere");
        }
    }

    @Test
    void recordsOfOtherNamesInTheAnswerAreNotBelieved() throws Exception {
        try (var peer = new DnsPeer(replying(m -> m.addRecord(a(name("bank.example."), "198.51.100.66"), ANSWER)))) {
            assertThat(failing(peer.address(), "pay.example").cause()).isEqualTo(Cause.DNS_NO_ADDRESS);
        }
    }

    @Test
    void theKeyGivesAConnectorAnotherResolver() throws Exception {
        Key<?>[] keys = {ResolverKeys.RESOLVER};
        Section section = Sections.of(List.of(keys), Map.of("resolver", dnsmasq.address()));
        var report = Report.builder();
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var connection = new Connector(ResolverKeys.of(section), TargetPolicy.STANDARD, IpFamily.IP4)
                        .connect(new HostPort("www.pay.example", listener.getLocalPort()), Deadline.after(AMPLE), report)
                        .orElseThrow()) {
            assertThat(connection.remote().getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
        }
        assertThat(ResolverKeys.of(Sections.of(List.of(keys), Map.of()))).isSameAs(Resolver.system());
    }

    private static final int ANSWER = org.xbill.DNS.Section.ANSWER;

    private static ServerResolver resolver(String server) {
        return new ServerResolver(NameServer.parse(server).orElseThrow(), DnsServers.ACCESS, Clock.systemUTC());
    }

    private static Failure failing(String server, String host) {
        return failing(server, host, AMPLE);
    }

    private static Failure failing(String server, String host, Duration timeout) {
        return catchThrowableOfType(
                        UnresolvedException.class, () -> resolver(server).resolve(host, Deadline.after(timeout)))
                .failure();
    }

    private static Function<Message, Optional<byte[]>> replying(java.util.function.Consumer<Message> with) {
        return query -> {
            var m = new Message(query.getHeader().getID());
            m.getHeader().setFlag(Flags.QR);
            m.addRecord(query.getQuestion(), org.xbill.DNS.Section.QUESTION);
            with.accept(m);
            return Optional.of(m.toWire());
        };
    }

    private static ARecord a(Name owner, String address) {
        return new ARecord(owner, DClass.IN, 60, InetAddress.ofLiteral(address));
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text);
        } catch (org.xbill.DNS.TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
