package dev.gatewatch.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.nameserver.DnsServers;
import dev.gatewatch.probes.nameserver.DnsServers.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probe against BIND and Unbound as authorities of signed and unsigned zones, and Unbound as a resolver that checks signatures. */
class DnsServersTest {
    private static final String ZONE = """
            $TTL 300
            @ SOA ns1 hostmaster SERIAL 3600 900 604800 300
            @ NS ns1
            @ NS ns2
            ns1 A 127.0.0.1
            ns2 A 127.0.0.3
            gateway 60 A 203.0.113.10
            gateway 60 A 203.0.113.11
            gateway AAAA 2001:db8::10
            www CNAME gateway
            out CNAME gateway.drift.example.
            @ MX 10 mail
            mail A 203.0.113.25
            @ TXT "v=spf1 " "-all"
            @ CAA 0 issue "ca.example"
            _pay._tcp SRV 1 2 443 gateway
            _443._tcp.gateway TLSA 3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
            gateway HTTPS 1 . alpn=h2
            @ SSHFP 4 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
            @ NAPTR 10 20 "s" "PAY" "" _pay._tcp
            bytes TYPE65280 \\# 3 010203
            """ + ("big TXT \"" + "x".repeat(200) + "%02d\"\n").repeat(12).formatted(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

    @TempDir
    private static Path folder;

    private static Running first;
    private static Running second;
    private static Running resolver;

    @BeforeAll
    static void start() throws Exception {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        var zones = new LinkedHashMap<String, Path>();
        zones.put("pay.example", DnsServers.sign(one, "pay.example", zone(one, "pay", 2026010101L), "now-3600", "now+864000"));
        zones.put("old.example", DnsServers.sign(one, "old.example", zone(one, "old", 1), "now-2592000", "now-259200"));
        zones.put("soon.example", DnsServers.sign(one, "soon.example", zone(one, "soon", 1), "now-2592000", "now+90000"));
        zones.put("drift.example", zone(one, "drift", 8));
        zones.put("lame.example", zone(one, "lame", 1));
        zones.put("split.example", zone(one, "split", 1));
        int port = DnsServers.freePort("127.0.0.1", "127.0.0.3");
        first = DnsServers.bind(one, port, zones);
        var others = new HashMap<String, Path>();
        others.put("pay.example", zones.get("pay.example"));
        others.put("drift.example", zone(two, "drift", 7));
        Path split = zone(two, "split", 1);
        Files.writeString(split, Files.readString(split).replace("203.0.113.10", "198.51.100.66"));
        others.put("split.example", split);
        second = DnsServers.unboundAuthority(two, "127.0.0.3", port, others);
        resolver = DnsServers.unbound(
                folder,
                DnsServers.freePort("127.0.0.1"),
                first,
                "pay.example",
                "trust-anchor-file: \"" + anchors("pay") + "\"",
                "trust-anchor-file: \"" + anchors("old") + "\"",
                "trust-anchor-file: \"" + anchors("soon") + "\"");
    }

    @AfterAll
    static void stop() {
        for (Running server : new Running[] {resolver, second, first}) {
            if (server != null) {
                server.close();
            }
        }
    }

    private static Path zone(Path in, String name, long serial) throws Exception {
        return Files.writeString(in.resolve(name + ".zone"), ZONE.replace("SERIAL", Long.toString(serial)));
    }

    private static Path anchors(String zone) {
        return folder.resolve("one").resolve("dsset-" + zone + ".example.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway.pay.example | A | 203.0.113.11; 203.0.113.10",
                "gateway.pay.example | AAAA | 2001:db8:0::10",
                "www.pay.example | A | 203.0.113.10; 203.0.113.11",
                "www.pay.example | CNAME | gateway.pay.example.",
                "pay.example | MX | 10 mail.pay.example.",
                "pay.example | NS | ns1.pay.example; ns2.pay.example",
                "pay.example | TXT | v=spf1 -all",
                "pay.example | CAA | 0 issue \"ca.example\"",
                "_pay._tcp.pay.example | SRV | 1 2 443 gateway.pay.example.",
                "_443._tcp.gateway.pay.example | TLSA | 3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
                "gateway.pay.example | HTTPS | 1 . alpn=h2",
                "pay.example | NAPTR | 10 20 \"s\" \"PAY\" \"\" _pay._tcp.pay.example.",
                "pay.example | SSHFP | 4 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
                "bytes.pay.example | TYPE65280 | \\# 3 010203",
            })
    void everyKindOfRecordIsComparedAsItStandsInAZoneFile(String name, String record, String answers) throws Exception {
        Report report = run(Map.of(
                "query", name, "record", record, "expect", Map.of("answers", List.of(answers.split("; ")))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway.pay.example | contains: 203.0.113.10 | ",
                "gateway.pay.example | contains: 203.0.113.99 | expected among them 203.0.113.99",
                "gateway.pay.example | not_contains: 203.0.113.99 | ",
                "gateway.pay.example | not_contains: 203.0.113.11 | 203.0.113.11, which must not be",
                "gateway.pay.example | any_in: 203.0.113.11/32 | ",
                "gateway.pay.example | any_in: 198.51.100.0/24 | none of them in 198.51.100.0/24",
                "gateway.pay.example | all_in: 203.0.113.0/24 | ",
                "gateway.pay.example | all_in: 203.0.113.10/31 | ",
                "gateway.pay.example | all_in: 203.0.113.10/32 | 203.0.113.11 is not in 203.0.113.10",
                "gateway.pay.example | matches: ^203[.]0[.]113[.]1[01]$ | ",
                "gateway.pay.example | matches: ^10[.] | none of which matches",
                "gateway.pay.example | not_matches: ^10[.] | ",
                "gateway.pay.example | not_matches: 113[.]11 | which must not be",
            })
    void valuesAreJudgedByTheExpectation(String name, String expect, String message) throws Exception {
        String[] pair = expect.split(": ");

        Report report = run(Map.of("query", name, "expect", Map.of(pair[0], pair[1])));

        if (message == null) {
            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        } else {
            assertThat(report.cause()).contains(Cause.DNS_MISMATCH);
            assertThat(report.message()).contains(message);
        }
    }

    @Test
    void theResolversOwnCodesAreNamed() throws Exception {
        Report absent = run(Map.of("query", "gone.pay.example"));
        Report refused = run(Map.of("query", "www.elsewhere.example", "resolvers", first.address()));

        assertThat(absent.cause()).contains(Cause.DNS_NXDOMAIN);
        assertThat(absent.message()).isEqualTo("resolver " + resolver.address() + " answers NXDOMAIN, expected NOERROR");
        assertThat(refused.cause()).contains(Cause.DNS_REFUSED);
    }

    @Test
    void aCodeAmongSeveralAcceptedOnesPasses() throws Exception {
        Map<String, Object> either = Map.of("rcode", List.of("NOERROR", "NXDOMAIN"));

        assertThat(run(Map.of("query", "gone.pay.example", "expect", either)).outcome()).isEqualTo(Outcome.PASS);
        assertThat(run(Map.of("query", "gateway.pay.example", "expect", either)).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aNameWithoutSuchARecordFailsUnlessItMayBeEmpty() throws Exception {
        Report report = run(Map.of("query", "mail.pay.example", "record", "AAAA"));

        assertThat(report.cause()).contains(Cause.DNS_NO_ADDRESS);
        assertThat(report.message()).contains("mail.pay.example exists and has no AAAA record");
        assertThat(run(Map.of("query", "mail.pay.example", "record", "AAAA", "expect", Map.of("allow_empty", true)))
                        .outcome())
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void anAnswerTooLargeForADatagramIsHadWholeOverTcp() throws Exception {
        Report report = run(Map.of("query", "big.pay.example", "record", "TXT"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts())
                .containsEntry("over_tcp", Fact.of(true))
                .containsEntry("answer_records", Fact.of(12.0));
    }

    @Test
    void tcpAloneWorksToo() throws Exception {
        Report report = run(Map.of("query", "gateway.pay.example", "transport", "tcp"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "request");
    }

    @Test
    void rulesOnSectionsAreKept() throws Exception {
        Map<String, Object> allMatch =
                Map.of("sections", Map.of("answer", Map.of("fail_if_all_match", "203[.]0[.]113[.]")));
        Map<String, Object> someMatch =
                Map.of("sections", Map.of("answer", Map.of("fail_if_all_match", "203[.]0[.]113[.]10$")));

        Report all = run(Map.of("query", "gateway.pay.example", "expect", allMatch));
        Report some = run(Map.of("query", "gateway.pay.example", "expect", someMatch));

        assertThat(all.cause()).contains(Cause.DNS_MISMATCH);
        assertThat(all.message()).contains("the answer section has nothing but what matches 203[.]0[.]113[.]");
        assertThat(some.outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void timesToLiveOutsideTheBoundsDegrade() throws Exception {
        Report low = run(Map.of("query", "gateway.pay.example", "resolvers", first.address(), "expect", Map.of("min_ttl", "5m")));
        Report high = run(Map.of("query", "gateway.pay.example", "resolvers", first.address(), "expect", Map.of("max_ttl", "30s")));

        assertThat(low.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(low.message()).contains("time to live of 60 s, expected at least 5m");
        assertThat(high.message()).contains("time to live of 60 s, expected at most 30s");
    }

    @Test
    void theSerialIsAFactWhoseChangeIsSeen() throws Exception {
        Memory memory = Memory.fresh();
        Report before = run(soa(first, memory), memory);
        Report after = run(soa(second, memory), memory);

        assertThat(before.facts()).containsEntry("serial", Fact.of(8.0)).containsEntry("serial_changed", Fact.of(false));
        assertThat(after.facts()).containsEntry("serial", Fact.of(7.0)).containsEntry("serial_changed", Fact.of(true));
        assertThat(after.evidence()).extracting(Evidence::text).contains("the zone's serial went from 8 to 7");
    }

    private static Map<String, Object> soa(Running server, Memory ignored) {
        return Map.of("query", "drift.example", "record", "SOA", "resolvers", server.address());
    }

    @Test
    void theZonesNameServersAreFoundAndAskedDirectly() throws Exception {
        Report report = run(authority("gateway.pay.example", Map.of("agree", true, "soa_serials", "equal")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts())
                .containsEntry("zone", Fact.of("pay.example"))
                .containsEntry("name_servers", Fact.of(2.0))
                .containsEntry("lame_servers", Fact.of(0.0))
                .containsEntry("server_serial.ns1.pay.example:" + first.port(), Fact.of(2026010101.0))
                .containsEntry("server_serial.ns2.pay.example:" + first.port(), Fact.of(2026010101.0));
    }

    @Test
    void aLameNameServerIsNamed() throws Exception {
        Report report = run(authority("gateway.lame.example", Map.of()));

        assertThat(report.cause()).contains(Cause.DNS_REFUSED);
        assertThat(report.message())
                .isEqualTo("name server ns2.lame.example:" + first.port()
                        + " (127.0.0.3) is lame: it answers REFUSED for zone lame.example, which lists it as its name server");
        assertThat(report.facts()).containsEntry("lame_servers", Fact.of(1.0));
    }

    @Test
    void nameServersWithDifferentSerialsAreNamed() throws Exception {
        Report equal = run(authority("gateway.drift.example", Map.of("soa_serials", "equal")));
        Report any = run(authority("gateway.drift.example", Map.of()));

        assertThat(equal.cause()).contains(Cause.DNS_MISMATCH);
        assertThat(equal.message())
                .contains("not all serve the same version of zone drift.example")
                .contains("ns1.drift.example:" + first.port() + " has serial 8")
                .contains("ns2.drift.example:" + first.port() + " has serial 7");
        assertThat(any.outcome()).as(any.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void nameServersThatDisagreeAreNamed() throws Exception {
        Report report = run(authority("gateway.split.example", Map.of()));

        assertThat(report.cause()).contains(Cause.DNS_MISMATCH);
        assertThat(report.message()).contains("the zone's name servers disagree").contains("198.51.100.66");
    }

    @Test
    void anAliasThatLeadsOutOfTheZoneIsAllThatItsNameServersNeedToSay() throws Exception {
        Report report = run(authority("out.pay.example", Map.of("agree", true)));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts()).containsEntry("zone", Fact.of("pay.example"));
    }

    @Test
    void nameServersNeedNotSayThatDnssecHolds() throws Exception {
        Report report = run(authority("gateway.pay.example", Map.of("authenticated", true)));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    private static Map<String, Object> authority(String name, Map<String, Object> expect) {
        return Map.of("query", name, "authority", true, "authority_port", first.port(), "expect", expect);
    }

    @ParameterizedTest
    @CsvSource({"gateway.pay.example, A", "www.pay.example, AAAA", "pay.example, SOA", "big.pay.example, TXT"})
    void signaturesThatHoldAreSecureAndTheirEndIsAFact(String name, String record) throws Exception {
        Report report = run(dnssec("pay", Map.of("query", name, "record", record)));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts()).containsEntry("dnssec", Fact.of("secure")).containsEntry("dnssec_secure", Fact.of(true));
        assertThat(number(report, "rrsig_days_left")).isBetween(9.0, 10.0);
    }

    @Test
    void thatANameDoesNotExistIsCheckedToo() throws Exception {
        Report report = run(dnssec("pay", Map.of("query", "gone.pay.example", "expect", Map.of("rcode", "NXDOMAIN"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts()).containsEntry("dnssec", Fact.of("secure"));
    }

    @Test
    void expiredSignaturesAreBogusAndTheirDaysAreStillToldBelowZero() throws Exception {
        Report report = run(dnssec("old", Map.of("query", "gateway.old.example", "resolvers", first.address())));

        assertThat(report.cause()).contains(Cause.DNSSEC_BOGUS);
        assertThat(report.message())
                .contains("DNSSEC does not hold for A gateway.old.example: the signature of")
                .contains("expired 3 days ago");
        assertThat(number(report, "rrsig_days_left")).isBetween(-3.1, -2.9);
        assertThat(report.facts()).containsEntry("dnssec", Fact.of("bogus"));
    }

    @Test
    void aResolverThatRefusesExpiredSignaturesIsUnderstoodWithoutCheckingByOurselves() throws Exception {
        Report report = run(Map.of("query", "gateway.old.example"));

        assertThat(report.cause()).contains(Cause.DNSSEC_BOGUS);
        assertThat(report.message())
                .contains("answers SERVFAIL since DNSSEC does not hold for A gateway.old.example")
                .contains("expired 3 days ago");
        assertThat(number(report, "rrsig_days_left")).isNegative();
    }

    @Test
    void signaturesThatEndSoonDegrade() throws Exception {
        Report report = run(dnssec("soon", Map.of("query", "gateway.soon.example")));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.DNSSEC_BOGUS);
        assertThat(report.message()).contains("ends in").contains("expected at least 2 days");
    }

    @Test
    void signaturesOfTheFutureAreBogus() throws Exception {
        var longAgo = Clock.fixed(Instant.now().minus(Duration.ofDays(2)), ZoneOffset.UTC);
        var probe = Sections.probe(
                new DnsProbeType(), dnssec("pay", Map.of("query", "gateway.pay.example", "resolvers", first.address())));

        Report report = probe.run(Runs.run(Duration.ofSeconds(5), longAgo));

        assertThat(report.cause()).contains(Cause.DNSSEC_BOGUS);
        assertThat(report.message()).contains("begins only in");
    }

    @Test
    void aKeyThatIsNotTheZonesIsBogus() throws Exception {
        Path wrong = folder.resolve("wrong.ds");
        Files.writeString(wrong, Files.readString(anchors("old")).replace("old.example", "pay.example"));

        Report report = run(Map.of(
                "query", "gateway.pay.example", "resolvers", resolver.address(), "dnssec", Map.of("trust_anchors", wrong.toString())));

        assertThat(report.cause()).contains(Cause.DNSSEC_BOGUS);
        assertThat(report.message()).startsWith("DNSSEC does not hold for A gateway.pay.example: ");
    }

    @Test
    void whatIsNotSignedFailsUnlessItMayBe() throws Exception {
        Map<String, Object> optional = Map.of(
                "query", "gateway.drift.example",
                "resolvers", first.address(),
                "dnssec", Map.of("trust_anchors", anchors("pay").toString(), "required", false));

        Report required = run(dnssec("pay", Map.of("query", "gateway.drift.example", "resolvers", first.address())));

        assertThat(required.cause()).contains(Cause.DNSSEC_BOGUS);
        assertThat(required.message()).contains("is not signed");
        assertThat(run(optional).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void theResolversOwnWordOnSignaturesCanBeAskedFor() throws Exception {
        Report signed = run(Map.of("query", "gateway.pay.example", "expect", Map.of("authenticated", true)));
        Report unsigned = run(Map.of("query", "gateway.drift.example", "expect", Map.of("authenticated", true)));

        assertThat(signed.outcome()).as(signed.toString()).isEqualTo(Outcome.PASS);
        assertThat(unsigned.cause()).contains(Cause.DNSSEC_BOGUS);
    }

    private static Map<String, Object> dnssec(String zone, Map<String, Object> keys) {
        var all = new HashMap<>(keys);
        all.put("dnssec", Map.of("trust_anchors", anchors(zone).toString()));
        return all;
    }

    private static double number(Report report, String fact) {
        return ((Number) report.facts().get(fact).value()).doubleValue();
    }

    private static Report run(Map<String, Object> keys) throws Exception {
        return run(keys, Memory.fresh());
    }

    private static Report run(Map<String, Object> keys, Memory memory) throws Exception {
        var all = new HashMap<>(keys);
        all.putIfAbsent("resolvers", resolver.address());
        return Sections.probe(new DnsProbeType(), all).run(Runs.run(Duration.ofSeconds(5), Clock.systemUTC(), memory));
    }
}
