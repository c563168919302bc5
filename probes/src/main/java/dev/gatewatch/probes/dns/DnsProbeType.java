package dev.gatewatch.probes.dns;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.nameserver.Access;
import dev.gatewatch.probes.nameserver.NameServer;
import dev.gatewatch.probes.nameserver.Query;
import dev.gatewatch.probes.nameserver.Transport;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.tls.TlsSettings;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** {@code type: dns}. */
public final class DnsProbeType implements ProbeType {
    private static final int DNS_PORT = 53;

    private static final Key<Name> QUERY =
            Key.required("query", DnsWords.NAME, "The name to ask for, taken as complete: search domains are not appended.");
    private static final Key<Integer> RECORD =
            Key.withDefault("record", DnsWords.RECORD, Type.A, "A", "The record type to ask for, by name or as TYPE and a number.");
    private static final Key<Integer> CLASS = Key.withDefault(
            "class", DnsWords.CLASS, DClass.IN, "IN", "The class to ask for; CH asks servers about themselves (`version.bind`).");
    private static final Key<List<NameServer>> RESOLVERS = Key.withDefault(
            "resolvers",
            Types.oneOrMore(NameServer.TYPE),
            List.of(NameServer.SYSTEM),
            "[system]",
            "Whom to ask, all at once: `system` is the machine's own resolver (the name servers in resolv.conf in turn); others by"
                    + " HOST[:PORT] or udp://, over tcp://, tls:// (DoT, port 853; tls://ADDRESS#NAME for the certificate's name)"
                    + " or https://HOST/dns-query (DoH by POST; with {?dns} at the end by GET). Every one must answer as expected.");
    private static final Key<Transport> TRANSPORT = Key.withDefault(
            "transport",
            transport(),
            Transport.UDP,
            "udp",
            "How resolvers written without scheme and the zone's name servers are asked: `udp` (a truncated answer is asked for again"
                    + " over TCP) or `tcp`.");
    private static final Key<Boolean> RECURSION = Key.withDefault(
            "recursion_desired", Types.bool(), true, "true", "Whether to ask the resolvers to recurse (RD flag).");
    private static final Key<Boolean> CHECKING_DISABLED = Key.withDefault(
            "checking_disabled",
            Types.bool(),
            false,
            "false",
            "Whether to ask the resolvers for what they hold for forged, too (CD flag).");
    private static final Key<Boolean> DNSSEC_OK = Key.withDefault(
            "dnssec_ok", Types.bool(), false, "false", "Whether to ask for signatures with the answer (DO flag), which makes it longer.");
    private static final Key<Boolean> EDNS = Key.withDefault(
            "edns",
            Types.bool(),
            true,
            "true",
            "Whether to say that answers above 512 bytes are understood (EDNS). false asks as blackbox_exporter and programs of old do.");
    private static final Key<Boolean> AUTHORITY = Key.withDefault(
            "authority",
            Types.bool(),
            false,
            "false",
            "Whether to ask the name servers of the name's zone, too: they are found through the first resolver and asked directly;"
                    + " each must answer with authority, as expected, and like the others.");
    private static final Key<Integer> AUTHORITY_PORT = Key.withDefault(
            "authority_port", Types.integer(1, 65_535), DNS_PORT, "53", "Port of the zone's name servers.");
    private static final Key<DnssecSettings> DNSSEC = Key.optional(
            "dnssec",
            DnssecSettings.TYPE,
            "Checks the signatures behind the answer from the trusted keys down, asking the first resolver for them. `{}` for the"
                    + " root's keys.");
    private static final Key<TlsSettings> TLS = Key.optional(
            "tls", TlsSettings.TYPE, "Whom to trust and who we are, for resolvers over tls:// and https://.");
    private static final Key<InetAddress> SOURCE = Key.optional(
            "source_address",
            Types.scalar("an address of this machine", Map.of("type", "string"), DnsProbeType::address),
            "The address of this machine to ask from.");
    private static final Key<DnsExpectation> EXPECT = Key.withDefault(
            "expect", DnsExpectation.TYPE, DnsExpectation.NONE, "a NOERROR answer with at least one record", "What the answers should be.");

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public String description() {
        return "Asks DNS resolvers by itself, over UDP, TCP, TLS or HTTPS, and compares their answers with what is expected, with each"
                + " other and with the zone's own name servers; checks DNSSEC.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(
                QUERY,
                RECORD,
                CLASS,
                RESOLVERS,
                TRANSPORT,
                RECURSION,
                CHECKING_DISABLED,
                DNSSEC_OK,
                EDNS,
                AUTHORITY,
                AUTHORITY_PORT,
                DNSSEC,
                TLS,
                IpFamily.KEY,
                SOURCE,
                EXPECT);
    }

    @Override
    public Key<?> endpoint() {
        return QUERY;
    }

    @Override
    public List<FactSpec> facts() {
        return DnsFacts.SPECS;
    }

    @Override
    public List<String> phases() {
        return List.of("resolve", "connect", "tls", "request");
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_dns_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        DnsExpectation expect = section.get(EXPECT);
        int record = section.get(RECORD);
        boolean addresses = record == Type.A || record == Type.AAAA || record == Type.ANY;
        if (!addresses && !(expect.values().anyIn().isEmpty() && expect.values().allIn().isEmpty())) {
            section.problem(
                    EXPECT, "any_in and all_in are for addresses; " + Type.string(record) + " records have none, use matches");
        }
        if (section.has(AUTHORITY_PORT) && !section.get(AUTHORITY)) {
            section.problem(AUTHORITY_PORT, "the zone's name servers are asked only with authority: true");
        }
        if (expect.equalSerials() && !section.get(AUTHORITY) && record != Type.SOA) {
            section.problem(EXPECT, "soa_serials: equal needs authority: true, or record: SOA asked of each name server");
        }
        if (section.get(DNSSEC_OK) && !section.get(EDNS)) {
            section.problem(EDNS, "dnssec_ok is a part of EDNS, which \"edns: false\" leaves out; remove one of them");
        }
        boolean internet = section.get(CLASS) == DClass.IN;
        if (!internet && (section.get(AUTHORITY) || section.has(DNSSEC))) {
            section.problem(CLASS, "authority and dnssec are for class IN");
        }
        return new DnsProbe(new DnsSettings(
                new Query(
                        section.get(QUERY),
                        record,
                        section.get(CLASS),
                        section.get(RECURSION),
                        section.get(CHECKING_DISABLED),
                        section.get(DNSSEC_OK),
                        section.get(EDNS)),
                resolvers(section),
                Access.of(section)
                        .with(
                                section.get(IpFamily.KEY),
                                section.find(TLS).orElseGet(TlsSettings::standard),
                                section.find(SOURCE)),
                section.get(TRANSPORT),
                section.get(AUTHORITY) ? Optional.of(section.get(AUTHORITY_PORT)) : Optional.empty(),
                section.find(DNSSEC),
                expect));
    }

    private static List<NameServer> resolvers(Section section) {
        List<NameServer> written = section.get(RESOLVERS);
        boolean encrypted = written.stream().anyMatch(NameServer::isEncrypted);
        if (section.has(TLS) && !encrypted) {
            section.problem(TLS, "no resolver is asked over tls:// or https://, so tls says nothing");
        }
        if (written.stream().distinct().count() < written.size()) {
            section.problem(RESOLVERS, "a resolver stands twice");
        }
        Transport transport = section.get(TRANSPORT);
        return written.stream()
                .map(r -> r.transport() == Transport.UDP ? r.over(transport) : r)
                .toList();
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

    private static ValueType<Transport> transport() {
        var words = new LinkedHashMap<String, Transport>();
        words.put("udp", Transport.UDP);
        words.put("tcp", Transport.TCP);
        return Types.oneOf(words);
    }

    private static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
