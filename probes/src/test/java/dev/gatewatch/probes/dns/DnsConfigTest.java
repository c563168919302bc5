package dev.gatewatch.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsConfigTest {
    @ParameterizedTest
    @ValueSource(strings = {"A", "aaaa", "NS", "PTR", "DNSKEY", "SVCB", "URI", "LOC", "CDS", "EUI48", "ANY", "TYPE65280", "ZONEMD"})
    void everyRecordTypeCanBeAskedFor(String record) {
        assertThat(problems(Map.of("record", record))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"B", "AXFR", "OPT", "TYPE99999", "0", ""})
    void whatIsNoQuestionIsTold(String record) {
        assertThat(problems(Map.of("record", record)))
                .singleElement()
                .asString()
                .startsWith("record: expected a record type such as A, AAAA");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rcode | NXDOMIAN | expect.rcode: expected one of NOERROR, NXDOMAIN",
                "any_in | 203.0.113.1/24 | expect.any_in: expected a block of addresses as 203.0.113.0/24",
                "matches | (a | expect.matches: not a regular expression (RE2 syntax)",
                "soa_serials | same | expect.soa_serials: expected one of any, equal",
                "soa_serials | equal | soa_serials: equal needs authority: true",
                "min_ttl | -1 | expect.min_ttl: expected a duration",
            })
    void aWrongExpectationIsTold(String key, String value, String problem) {
        assertThat(problems(Map.of("expect", Map.of(key, value)))).singleElement().asString().contains(problem);
    }

    @Test
    void expectationsThatNoAnswerCanMeetAreTold() {
        assertThat(problems(Map.of("expect", Map.of("rcode", "NXDOMAIN", "answers", "203.0.113.1"))))
                .containsExactly("expect.rcode: answers are expected together with rcode NXDOMAIN, which carries none");
        assertThat(problems(Map.of("expect", Map.of("min_ttl", "1h", "max_ttl", "1m"))))
                .containsExactly("expect.min_ttl: min_ttl is above max_ttl: no answer can keep both");
        assertThat(problems(Map.of("expect", Map.of("answers", "a.example.", "not_contains", "A.example"))))
                .singleElement()
                .asString()
                .contains("both expected");
        assertThat(problems(Map.of("record", "MX", "expect", Map.of("all_in", "203.0.113.0/24"))))
                .singleElement()
                .asString()
                .contains("MX records have none, use matches");
    }

    @Test
    void keysThatSayNothingAreTold() {
        assertThat(problems(Map.of("tls", Map.of("insecure", true))))
                .containsExactly("tls: no resolver is asked over tls:// or https://, so tls says nothing");
        assertThat(problems(Map.of("authority_port", 5353)))
                .containsExactly("authority_port: the zone's name servers are asked only with authority: true");
        assertThat(problems(Map.of("resolvers", List.of("9.9.9.9", "udp://9.9.9.9:53"))))
                .containsExactly("resolvers: a resolver stands twice");
        assertThat(problems(Map.of("class", "CH", "authority", true)))
                .containsExactly("class: authority and dnssec are for class IN");
    }

    @Test
    void aFileWithoutKeysIsNoTrustAnchor(@TempDir Path folder) throws Exception {
        Path none = Files.writeString(folder.resolve("none"), "; nothing here\n");
        Path garbage = Files.writeString(folder.resolve("garbage"), "-----BEGIN CERTIFICATE-----\n");

        assertThat(problems(Map.of("dnssec", Map.of("trust_anchors", none.toString()))))
                .singleElement()
                .asString()
                .contains("no DS or DNSKEY record in");
        assertThat(problems(Map.of("dnssec", Map.of("trust_anchors", garbage.toString()))))
                .singleElement()
                .asString()
                .contains("not a file of DS or DNSKEY records");
    }

    @Test
    void theRootsKeysAreBuiltIn() {
        assertThat(Sections.read(DnssecSettings.TYPE, Map.of()).anchors()).contains("20326").contains("38696");
    }

    @Test
    void aTargetOnTheCommandLineNamesServerAndRecord() {
        assertThat(new DnsProbeType().adHoc("dns:pay.example/MX@tls://1.1.1.1#one.example"))
                .contains(Map.of("query", "pay.example", "record", "MX", "resolvers", List.of("tls://1.1.1.1#one.example")));
    }

    private static List<String> problems(Map<String, Object> keys) {
        var all = new HashMap<>(keys);
        all.put("query", "pay.example");
        return Sections.problems(new DnsProbeType(), all);
    }
}
