package dev.gatewatch.probes.dns;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** {@code type: dns}. */
public final class DnsProbeType implements ProbeType {
    private static final ValueType<Name> NAME = Types.scalar(
            "a domain name", Map.of("type", "string"), text -> {
                try {
                    return text.isBlank() ? Optional.empty() : Optional.of(Name.fromString(text, Name.root));
                } catch (TextParseException _) {
                    return Optional.empty();
                }
            });

    private static final Key<Name> QUERY =
            Key.required("query", NAME, "The name to ask for, taken as complete: search domains are not appended.");
    private static final Key<Integer> RECORD = Key.withDefault("record", recordType(), Type.A, "A", "The record type to ask for.");
    private static final Key<List<ResolverAddress>> RESOLVERS = Key.withDefault(
            "resolvers",
            Types.oneOrMore(ResolverAddress.TYPE),
            List.of(ResolverAddress.SYSTEM),
            "[system]",
            "Whom to ask, all at once: `system` is the machine's own resolver, others are given by address. Every one must answer as expected.");
    private static final Key<Boolean> TCP = Key.withDefault(
            "transport",
            transport(),
            false,
            "udp",
            "`udp` (a truncated answer is asked again over TCP) or `tcp`.");
    private static final Key<Boolean> RECURSION =
            Key.withDefault("recursion", Types.bool(), true, "true", "Whether to ask the resolver to recurse (RD flag).");
    private static final Key<DnsExpectation> EXPECT = Key.withDefault(
            "expect", DnsExpectation.TYPE, DnsExpectation.NONE, "a NOERROR answer with at least one record", "What the answers should be.");

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public String description() {
        return "Asks DNS resolvers by itself, and compares their answers with what is expected and with each other.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(QUERY, RECORD, RESOLVERS, TCP, RECURSION, EXPECT);
    }

    @Override
    public Key<?> endpoint() {
        return QUERY;
    }

    @Override
    public List<FactSpec> facts() {
        return List.of(
                FactSpec.gauge("query_succeeded", "probe_dns_query_succeeded", "Whether every resolver answered, with whatever code"),
                FactSpec.gauge("resolvers_answering", "probe_dns_resolvers_answering", "How many resolvers answered"),
                FactSpec.plain("rcode", "The first resolver's response code"),
                FactSpec.plain("answers", "The first resolver's answers"),
                FactSpec.gauge("answer_records", "probe_dns_answer_rrs", "Number of records in the answer section"),
                FactSpec.gauge("authority_records", "probe_dns_authority_rrs", "Number of records in the authority section"),
                FactSpec.gauge("additional_records", "probe_dns_additional_rrs", "Number of records in the additional section"),
                FactSpec.gauge("authenticated", "probe_dns_authenticated", "Whether the resolver says that DNSSEC holds (AD flag)"),
                FactSpec.gauge("agree", "probe_dns_agree", "Whether all resolvers that answered gave the same values"),
                FactSpec.gauge("ttl_seconds", "probe_dns_ttl_seconds", "The least time to live among the answers"),
                FactSpec.gauge("serial", "probe_dns_serial", "Serial number of the zone, for SOA questions"));
    }

    @Override
    public List<String> phases() {
        return List.of("request");
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_dns_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        DnsExpectation expect = section.get(EXPECT);
        if (!expect.rcode().equals("NOERROR") && !(expect.answers().isEmpty() && expect.contains().isEmpty())) {
            section.problem(EXPECT, "answers are expected together with rcode " + expect.rcode() + ", which carries none");
        }
        return new DnsProbe(
                section.get(QUERY),
                section.get(RECORD),
                section.get(RESOLVERS),
                section.get(TCP),
                section.get(RECURSION),
                expect);
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        if (!target.startsWith("dns:")) {
            return Optional.empty();
        }
        var keys = new LinkedHashMap<String, Object>();
        String rest = target.substring("dns:".length());
        int at = rest.indexOf('@');
        if (at >= 0) {
            keys.put("resolvers", List.of(rest.substring(at + 1)));
            rest = rest.substring(0, at);
        }
        int slash = rest.indexOf('/');
        if (slash >= 0) {
            keys.put("record", rest.substring(slash + 1));
            rest = rest.substring(0, slash);
        }
        keys.put("query", rest);
        return Optional.of(keys);
    }

    private static ValueType<Boolean> transport() {
        var words = new LinkedHashMap<String, Boolean>();
        words.put("udp", false);
        words.put("tcp", true);
        return Types.oneOf(words);
    }

    private static ValueType<Integer> recordType() {
        var words = new LinkedHashMap<String, Integer>();
        for (String word : List.of(
                "A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT", "CAA", "DS", "DNSKEY", "HTTPS", "SVCB", "TLSA", "NAPTR", "ANY")) {
            words.put(word, Type.value(word));
        }
        return Types.oneOf(words);
    }
}
