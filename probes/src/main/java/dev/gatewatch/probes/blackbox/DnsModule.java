package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.blackbox.Module.BadTarget;
import dev.gatewatch.probes.blackbox.Module.Translation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** The {@code dns} block of a module: one name server is asked, which is the target. */
final class DnsModule {
    private static final int DNS_PORT = 53;
    private static final int TLS_PORT = 853;

    private static final Key<String> TRANSPORT =
            Key.withDefault("transport_protocol", Types.text("udp or tcp", "udp|tcp|"), "udp", "udp", "What to ask over.");
    private static final Key<Boolean> OVER_TLS =
            Key.withDefault("dns_over_tls", GoTypes.bool(), false, "false", "Whether to speak TLS.");
    private static final Key<String> NAME = Key.required("query_name", Types.text(), "Name to ask for.");
    private static final Key<String> TYPE_OF = Key.withDefault("query_type", Types.text(), "ANY", "ANY", "Type to ask for.");
    private static final Key<String> CLASS = Key.withDefault("query_class", Types.text(), "IN", "IN", "Class to ask for.");
    private static final Key<Boolean> RECURSION =
            Key.withDefault("recursion_desired", GoTypes.bool(), true, "true", "Whether to ask for recursion.");
    private static final Key<List<String>> RCODES = Key.withDefault(
            "valid_rcodes", Types.list(Types.text(), 0), List.of(), "NOERROR", "Response codes that are right.");

    private static final Key<List<String>> IF_MATCHES = regexes("fail_if_matches_regexp");
    private static final Key<List<String>> IF_ALL_MATCH = regexes("fail_if_all_match_regexp");
    private static final Key<List<String>> IF_NOT_MATCHES = regexes("fail_if_not_matches_regexp");
    private static final Key<List<String>> IF_NONE_MATCHES = regexes("fail_if_none_matches_regexp");
    private static final SectionType<SequencedMap<String, Object>> RULES = SectionType.of(
            "validate_rrs", List.of(IF_MATCHES, IF_ALL_MATCH, IF_NOT_MATCHES, IF_NONE_MATCHES), DnsModule::rules);
    private static final Key<SequencedMap<String, Object>> ANSWER = section("validate_answer_rrs");
    private static final Key<SequencedMap<String, Object>> AUTHORITY = section("validate_authority_rrs");
    private static final Key<SequencedMap<String, Object>> ADDITIONAL = section("validate_additional_rrs");

    static final SectionType<Translation> TYPE = SectionType.of(
            "dns",
            List.of(
                    TRANSPORT,
                    OVER_TLS,
                    HttpClientConfig.TLS_CONFIG,
                    NAME,
                    TYPE_OF,
                    CLASS,
                    RECURSION,
                    RCODES,
                    ANSWER,
                    AUTHORITY,
                    ADDITIONAL,
                    Addresses.PREFERRED,
                    Addresses.FALLBACK,
                    Addresses.SOURCE),
            DnsModule::read);

    private DnsModule() {}

    private static Key<List<String>> regexes(String name) {
        return Key.withDefault(name, Types.list(GoTypes.regex(), 0), List.of(), "none", "Expressions on records.");
    }

    private static Key<SequencedMap<String, Object>> section(String name) {
        return Key.withDefault(name, RULES, new LinkedHashMap<>(), "none", "Rules on a section.");
    }

    private static SequencedMap<String, Object> rules(Section section) {
        var rules = new LinkedHashMap<String, Object>();
        for (Key<List<String>> key : List.of(IF_MATCHES, IF_ALL_MATCH, IF_NOT_MATCHES, IF_NONE_MATCHES)) {
            if (!section.get(key).isEmpty()) {
                rules.put(key.name().replace("_regexp", ""), section.get(key));
            }
        }
        return rules;
    }

    private static Translation read(Section section) {
        var keys = new LinkedHashMap<String, Object>();
        keys.put("query", section.get(NAME));
        keys.put("record", section.get(TYPE_OF).toUpperCase(Locale.ROOT));
        keys.put("class", section.get(CLASS).toUpperCase(Locale.ROOT));
        if (!section.get(RECURSION)) {
            keys.put("recursion_desired", false);
        }
        keys.put("edns", false);
        boolean tls = section.get(OVER_TLS);
        boolean tcp = section.get(TRANSPORT).equals("tcp");
        if (tls && !tcp) {
            section.problem(OVER_TLS, "dns_over_tls needs transport_protocol: tcp");
        }
        if (tls) {
            section.find(HttpClientConfig.TLS_CONFIG).filter(t -> !t.isEmpty()).ifPresent(t -> keys.put("tls", t));
        }
        keys.put("ip_family", Addresses.family(section));
        Addresses.source(section, keys);
        keys.put("expect", expect(section));
        String scheme = tls ? "tls://" : tcp ? "tcp://" : "udp://";
        int port = tls ? TLS_PORT : DNS_PORT;
        return new Translation("dns", keys, (target, _, aimed) -> aimed.put("resolvers", List.of(scheme + at(target, port))));
    }

    private static SequencedMap<String, Object> expect(Section section) {
        var expect = new LinkedHashMap<String, Object>();
        if (!section.get(RCODES).isEmpty()) {
            expect.put("rcode", section.get(RCODES));
        }
        expect.put("allow_empty", true);
        var sections = new LinkedHashMap<String, Object>();
        put(sections, "answer", section.get(ANSWER));
        put(sections, "authority", section.get(AUTHORITY));
        put(sections, "additional", section.get(ADDITIONAL));
        if (!sections.isEmpty()) {
            expect.put("sections", sections);
        }
        return expect;
    }

    private static void put(SequencedMap<String, Object> sections, String name, SequencedMap<String, Object> rules) {
        if (!rules.isEmpty()) {
            sections.put(name, rules);
        }
    }

    private static HostPort at(String target, int port) throws BadTarget {
        boolean bareIpv6 = target.indexOf(':') != target.lastIndexOf(':') && !target.startsWith("[");
        return HostPort.parse(bareIpv6 ? "[" + target + "]" : target, port)
                .orElseThrow(() -> BadTarget.unreachable("\"" + target + "\" is no name server's host and port"));
    }
}
