package dev.gatewatch.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probe.Series;
import dev.gatewatch.probes.nameserver.DnsPeer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class DnsProbeTest {
    private static final String GATEWAY = "gateway.example.com";

    @Test
    void theExpectedAnswerPasses() throws Exception {
        try (var peer = new DnsPeer(answering("203.0.113.10"))) {
            Report report = run(expecting(Set.of("203.0.113.10"), false), peer.address());

            assertThat(report.outcome()).isEqualTo(Outcome.PASS);
            assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "request");
            assertThat(report.facts())
                    .containsEntry("answers", Fact.of("203.0.113.10"))
                    .containsEntry("ttl_seconds", Fact.of(60))
                    .containsEntry("rcode", Fact.of("NOERROR"));
        }
    }

    @Test
    void severalAnswersAreComparedAsASet() throws Exception {
        try (var peer = new DnsPeer(answering("203.0.113.11", "203.0.113.10"))) {
            assertThat(run(expecting(Set.of("203.0.113.10", "203.0.113.11"), false), peer.address()).outcome())
                    .isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void aWrongAddressIsAMismatchThatNamesBoth() throws Exception {
        try (var peer = new DnsPeer(answering("198.51.100.66"))) {
            Report report = run(expecting(Set.of("203.0.113.10"), false), peer.address());

            assertThat(report.cause()).contains(Cause.DNS_MISMATCH);
            assertThat(report.message()).contains("198.51.100.66").contains("expected 203.0.113.10");
        }
    }

    @Test
    void responseCodesAreDifferentCauses() throws Exception {
        for (var expected : List.of(
                new Object[] {Rcode.NXDOMAIN, Cause.DNS_NXDOMAIN},
                new Object[] {Rcode.SERVFAIL, Cause.DNS_SERVFAIL},
                new Object[] {Rcode.REFUSED, Cause.DNS_REFUSED})) {
            try (var peer = new DnsPeer(code((int) expected[0]))) {
                assertThat(run(Map.of(), peer.address()).cause()).contains((Cause) expected[1]);
            }
        }
    }

    @Test
    void anEmptyAnswerIsNoAddress() throws Exception {
        try (var peer = new DnsPeer(code(Rcode.NOERROR))) {
            Report report = run(Map.of(), peer.address());

            assertThat(report.cause()).contains(Cause.DNS_NO_ADDRESS);
            assertThat(report.message()).contains("exists and has no A record");
        }
    }

    @Test
    void aSilentResolverIsATimeoutWithinTheDeadline() throws Exception {
        try (var peer = new DnsPeer(_ -> Optional.empty())) {
            Deadline deadline = Deadline.after(Duration.ofMillis(300));
            Report report = probe(Map.of(), peer.address()).run(runWith(deadline));

            assertThat(report.cause()).contains(Cause.DNS_TIMEOUT);
            assertThat(deadline.elapsed()).isLessThan(Duration.ofMillis(1_000));
        }
    }

    @Test
    void nobodyListeningIsRefusedNotATimeout() throws Exception {
        String address;
        try (var peer = new DnsPeer(_ -> Optional.empty())) {
            address = peer.address();
        }
        assertThat(run(Map.of(), address).cause()).contains(Cause.CONNECT_REFUSED);
    }

    @Test
    void aTruncatedAnswerIsAskedAgainOverTcp() throws Exception {
        var overTcp = new AtomicInteger();
        try (var peer = new DnsPeer(
                query -> {
                    Message m = reply(query);
                    m.getHeader().setFlag(Flags.TC);
                    return Optional.of(m.toWire());
                },
                query -> {
                    overTcp.incrementAndGet();
                    return answering("203.0.113.10").apply(query);
                })) {
            assertThat(run(expecting(Set.of("203.0.113.10"), false), peer.address()).outcome()).isEqualTo(Outcome.PASS);
            assertThat(overTcp).hasValue(1);
        }
    }

    @Test
    void resolversThatDisagreeAreAMismatchThatNamesEach() throws Exception {
        try (var one = new DnsPeer(answering("203.0.113.10"));
                var other = new DnsPeer(answering("198.51.100.66"))) {
            Report report = run(expecting(Set.of(), true), one.address(), other.address());

            assertThat(report.cause()).contains(Cause.DNS_MISMATCH);
            assertThat(report.message())
                    .contains(one.address() + " answers 203.0.113.10")
                    .contains(other.address() + " answers 198.51.100.66");
        }
    }

    @Test
    void oneFailingResolverOfTwoIsNamed() throws Exception {
        try (var one = new DnsPeer(answering("203.0.113.10"));
                var other = new DnsPeer(code(Rcode.SERVFAIL))) {
            Report report = run(expecting(Set.of(), true), one.address(), other.address());

            assertThat(report.cause()).contains(Cause.DNS_SERVFAIL);
            assertThat(report.message()).contains(other.address());
            assertThat(report.evidence()).anySatisfy(e -> assertThat(e.title()).contains(one.address()));
        }
    }

    @Test
    void anAnswerWithAWrongIdIsNotTaken() throws Exception {
        try (var peer = new DnsPeer(query -> {
            Message m = reply(query);
            m.getHeader().setID((query.getHeader().getID() + 1) & 0xffff);
            m.addRecord(a("203.0.113.66"), Section.ANSWER);
            return Optional.of(m.toWire());
        })) {
            Deadline deadline = Deadline.after(Duration.ofMillis(300));
            assertThat(probe(Map.of(), peer.address()).run(runWith(deadline)).outcome()).isEqualTo(Outcome.FAIL);
        }
    }

    @Test
    void garbageAndCompressionLoopsEndInACause() throws Exception {
        byte[] loop = new byte[40];
        try (var peer = new DnsPeer(query -> {
            byte[] wire = Arrays.copyOf(reply(query).toWire(), loop.length);
            wire[7] = 1; // one answer, whose name points at itself
            wire[12] = (byte) 0xc0;
            wire[13] = 12;
            return Optional.of(wire);
        })) {
            Deadline deadline = Deadline.after(Duration.ofMillis(500));
            Report report = probe(Map.of(), peer.address()).run(runWith(deadline));

            assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(deadline.elapsed()).isLessThan(Duration.ofMillis(1_500));
        }
    }

    @Test
    void aNameThatMustNotExistPassesWhenItDoesNot() throws Exception {
        Map<String, Object> absent = Map.of("rcode", "NXDOMAIN");
        try (var peer = new DnsPeer(code(Rcode.NXDOMAIN))) {
            assertThat(run(absent, peer.address()).outcome()).isEqualTo(Outcome.PASS);
        }
        try (var peer = new DnsPeer(answering("203.0.113.10"))) {
            assertThat(run(absent, peer.address()).cause()).contains(Cause.DNS_MISMATCH);
        }
    }

    private static Map<String, Object> expecting(Set<String> answers, boolean agree) {
        return answers.isEmpty() ? Map.of("agree", agree) : Map.of("answers", List.copyOf(answers), "agree", agree);
    }

    private static Report run(Map<String, Object> expect, String... resolvers) throws Exception {
        return Runs.once(probe(expect, resolvers), Duration.ofSeconds(3));
    }

    private static Probe probe(Map<String, Object> expect, String... resolvers) {
        return Sections.probe(
                new DnsProbeType(), Map.of("query", GATEWAY, "resolvers", List.of(resolvers), "expect", expect));
    }

    private static Run runWith(Deadline deadline) {
        return new Run(new Series("gateway-name", "", "here"), deadline, Clock.systemUTC(), Memory.fresh(), Runs.TRACE_ID);
    }

    private static Function<Message, Optional<byte[]>> answering(String... addresses) {
        return query -> {
            Message m = reply(query);
            for (String address : addresses) {
                m.addRecord(a(address), Section.ANSWER);
            }
            return Optional.of(m.toWire());
        };
    }

    private static Function<Message, Optional<byte[]>> code(int rcode) {
        return query -> {
            Message m = reply(query);
            m.getHeader().setRcode(rcode);
            return Optional.of(m.toWire());
        };
    }

    private static Record a(String address) {
        try {
            return Record.fromString(
                    Name.fromString(GATEWAY, Name.root), Type.A, org.xbill.DNS.DClass.IN, 60, address, Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Message reply(Message query) {
        var m = new Message(query.getHeader().getID());
        m.getHeader().setFlag(Flags.QR);
        m.addRecord(query.getQuestion(), Section.QUESTION);
        return m;
    }
}
