package dev.gatewatch.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.nameserver.DnsPeer;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Whole runs against a peer whose answers are changed at random, or as large as they can be. */
class HostileAnswersTest {
    /** Fixed, so that a failure can be had again. */
    private static final long SEED = 20_261_123;

    @Test
    void answersChangedAtRandomEndInAReport() throws Exception {
        var random = new Random(SEED);
        try (var peer = new DnsPeer(query -> Optional.of(changed(whole(query).toWire(), random)))) {
            for (int i = 0; i < 300; i++) {
                Report report = Runs.once(
                        Sections.probe(new DnsProbeType(), keys(peer.address(), "tcp://", i % 2 == 0)), Duration.ofSeconds(3));

                assertThat(report).isNotNull();
            }
        }
    }

    @Test
    void theLargestAnswerThereIsEndsSoon() throws Exception {
        var asked = new AtomicInteger();
        try (var peer = new DnsPeer(query -> {
            asked.incrementAndGet();
            return Optional.of(largest(query));
        })) {
            long start = System.nanoTime();

            Report report = Runs.once(Sections.probe(new DnsProbeType(), keys(peer.address(), "tcp://", false)), Duration.ofSeconds(5));

            assertThat(report.message()).doesNotContain("\n").hasSizeLessThan(1_000);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
            assertThat(asked).hasPositiveValue();
        }
    }

    private static Map<String, Object> keys(String address, String scheme, boolean dnssec) {
        Map<String, Object> sections = Map.of(
                "answer", Map.of("fail_if_matches", "(x+x+)+y"), "additional", Map.of("fail_if_none_matches", "never"));
        Map<String, Object> expect = Map.of("contains", "gateway", "agree", true, "max_ttl", "1m", "sections", sections);
        return dnssec
                ? Map.of(
                        "query", "pay.example", "record", "ANY", "resolvers", scheme + address, "expect", expect, "dnssec", Map.of())
                : Map.of("query", "pay.example", "record", "ANY", "resolvers", scheme + address, "expect", expect);
    }

    private static byte[] changed(byte[] wire, Random random) {
        byte[] bytes = wire.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            // the header stays so that the answer is looked at; its counts may change
            int at = 4 + random.nextInt(bytes.length - 4);
            bytes[at] = (byte) (random.nextBoolean() ? 0xc0 : random.nextInt(256));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, 12 + random.nextInt(bytes.length - 12)) : bytes;
    }

    private static Message whole(Message query) {
        Message m = reply(query);
        Name owner = query.getQuestion().getName();
        Name mail = Name.fromConstantString("mail.pay.example.");
        m.addRecord(new AAAARecord(owner, DClass.IN, 60, InetAddress.ofLiteral("2001:db8::1")), Section.ANSWER);
        m.addRecord(new CNAMERecord(owner, DClass.IN, 60, mail), Section.ANSWER);
        m.addRecord(new MXRecord(owner, DClass.IN, 60, 10, mail), Section.ANSWER);
        m.addRecord(new TXTRecord(owner, DClass.IN, 60, List.of("x".repeat(60), "é")), Section.ANSWER);
        m.addRecord(
                new RRSIGRecord(
                        owner, DClass.IN, 60, Type.AAAA, DNSSEC.Algorithm.ECDSAP256SHA256, 60, Instant.now(), Instant.now(), 7, owner,
                        new byte[64]),
                Section.ANSWER);
        m.addRecord(new SOARecord(owner, DClass.IN, 60, mail, mail, 1, 2, 3, 4, 5), Section.AUTHORITY);
        return m;
    }

    /** As many records as fit into 65,535 bytes, each a pointer to a long name. */
    private static byte[] largest(Message query) {
        byte[] head = reply(query).toWire();
        byte[] wire = Arrays.copyOf(head, 65_535);
        int records = 0;
        int at = head.length;
        // a name of 250 bytes that print as four characters each
        int name = at;
        for (int label = 0; label < 4; label++) {
            int length = label < 3 ? 63 : 57;
            wire[at++] = (byte) length;
            Arrays.fill(wire, at, at + length, (byte) 0xfe);
            at += length;
        }
        wire[at++] = 0;
        at = record(wire, at);
        records++;
        while (at + 14 <= wire.length) {
            wire[at++] = (byte) (0xc0 | (name >> 8));
            wire[at++] = (byte) name;
            at = record(wire, at);
            records++;
        }
        wire[6] = (byte) (records >> 8);
        wire[7] = (byte) records;
        return Arrays.copyOf(wire, at);
    }

    /** Type CNAME, class IN, a time to live, and a pointer to the question's name. */
    private static int record(byte[] wire, int from) {
        byte[] rest = {0, Type.CNAME, 0, DClass.IN, 0, 0, 0, 60, 0, 2, (byte) 0xc0, 12};
        System.arraycopy(rest, 0, wire, from, rest.length);
        return from + rest.length;
    }

    private static Message reply(Message query) {
        var m = new Message(query.getHeader().getID());
        m.getHeader().setFlag(Flags.QR);
        m.addRecord(query.getQuestion(), Section.QUESTION);
        return m;
    }
}
