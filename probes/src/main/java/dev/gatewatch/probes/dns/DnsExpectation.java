package dev.gatewatch.probes.dns;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.nameserver.RecordRules;
import dev.gatewatch.probes.nameserver.RecordText;
import dev.gatewatch.probes.net.Cidr;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.Rcode;

/**
 * What the answers should be. Immutable.
 *
 * @param rcodes the response codes that are accepted
 * @param values of the asked type's records
 * @param sections rules by number of the section ({@link org.xbill.DNS.Section})
 * @param authenticated whether the resolver has to say that DNSSEC holds
 * @param agree whether all who are asked must answer alike
 * @param equalSerials whether all name servers must serve the same version of the zone
 */
record DnsExpectation(
        Set<Integer> rcodes,
        ValueExpectation values,
        Map<Integer, RecordRules> sections,
        boolean authenticated,
        boolean agree,
        boolean equalSerials,
        Optional<Duration> minTtl,
        Optional<Duration> maxTtl,
        Optional<Duration> latency) {
    /**
     * What the values should be. Immutable.
     *
     * @param mayBeEmpty whether a name without such a record is accepted
     * @param exact the whole set; empty for any
     * @param anyIn blocks of which one must have one of the addresses; empty for no such wish
     * @param allIn blocks that together must have all addresses; empty for no such wish
     * @param matches each must be found in one of the values
     * @param notMatches none may be found in any value
     */
    record ValueExpectation(
            boolean mayBeEmpty,
            NavigableSet<String> exact,
            NavigableSet<String> contains,
            NavigableSet<String> notContains,
            List<Cidr> anyIn,
            List<Cidr> allIn,
            List<Pattern> matches,
            List<Pattern> notMatches) {
        static final ValueExpectation NONE = new ValueExpectation(
                false, new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), List.of(), List.of(), List.of(), List.of());

        /** Whether it says anything that needs an answer with records. */
        boolean wantsValues() {
            return !(exact.isEmpty() && contains.isEmpty() && anyIn.isEmpty() && allIn.isEmpty() && matches.isEmpty());
        }
    }

    private static final Key<List<Integer>> RCODE = Key.withDefault(
            "rcode",
            Types.oneOrMore(DnsWords.RCODE),
            List.of(Rcode.NOERROR),
            "NOERROR",
            "The response codes that are accepted from everyone asked. `NXDOMAIN` proves that a name does not exist.");
    private static final Key<Boolean> ALLOW_EMPTY = Key.withDefault(
            "allow_empty",
            Types.bool(),
            false,
            "false",
            "Whether a NOERROR answer without any record of the type is accepted.");
    private static final Key<List<String>> ANSWERS = Key.optional(
            "answers",
            Types.oneOrMore(Types.text()),
            "The exact set of values, in any order: addresses, names, or the record's data as in a zone file (`10 mail.example.com.`).");
    private static final Key<List<String>> CONTAINS =
            Key.optional("contains", Types.oneOrMore(Types.text()), "Values that must be among the answers.");
    private static final Key<List<String>> NOT_CONTAINS =
            Key.optional("not_contains", Types.oneOrMore(Types.text()), "Values that must not be among the answers.");
    private static final Key<List<Cidr>> ANY_IN = Key.optional(
            "any_in", Types.oneOrMore(cidr()), "Blocks of addresses (CIDR): at least one answer must be in one of them. For A and AAAA.");
    private static final Key<List<Cidr>> ALL_IN = Key.optional(
            "all_in", Types.oneOrMore(cidr()), "Blocks of addresses (CIDR): every answer must be in one of them. For A and AAAA.");
    private static final Key<List<Pattern>> MATCHES = Key.optional(
            "matches", Types.oneOrMore(Types.regex()), "Expressions, each of which must be found in the data of one of the answers.");
    private static final Key<List<Pattern>> NOT_MATCHES = Key.optional(
            "not_matches", Types.oneOrMore(Types.regex()), "Expressions, none of which may be found in the data of any answer.");
    private static final Key<RecordRules> ANSWER_SECTION = rules("answer");
    private static final Key<RecordRules> AUTHORITY_SECTION = rules("authority");
    private static final Key<RecordRules> ADDITIONAL_SECTION = rules("additional");
    private static final Key<Map<Integer, RecordRules>> SECTIONS = Key.withDefault(
            "sections",
            SectionType.of(
                    "sections", List.of(ANSWER_SECTION, AUTHORITY_SECTION, ADDITIONAL_SECTION), DnsExpectation::sections),
            Map.of(),
            "{}",
            "Rules on the records of whole sections, each as a line of a zone file parted by tabs: `example.com. 60 IN A 203.0.113.10`.");
    private static final Key<Boolean> AUTHENTICATED = Key.withDefault(
            "authenticated",
            Types.bool(),
            false,
            "false",
            "Whether every resolver must say that it found DNSSEC to hold (AD flag). To check it here, use `dnssec`.");
    private static final Key<Boolean> AGREE = Key.withDefault(
            "agree",
            Types.bool(),
            false,
            "false",
            "Whether all resolvers, and with `authority` the zone's name servers, must give the same set of answers.");
    private static final Key<Boolean> SOA_SERIALS = Key.withDefault(
            "soa_serials",
            serials(),
            false,
            "any",
            "`equal`: all name servers must serve the same version of the zone (serial of the SOA record). With `authority`, or when"
                    + " SOA is asked for.");
    private static final Key<Duration> MIN_TTL = Key.optional(
            "min_ttl",
            Types.duration(Duration.ZERO, Duration.ofDays(7)),
            "The least time to live of the answers; below it the run is degraded. Resolvers count it down while they cache.");
    private static final Key<Duration> MAX_TTL = Key.optional(
            "max_ttl",
            Types.duration(Duration.ZERO, Duration.ofDays(366)),
            "The greatest time to live of the answers; above it the run is degraded.");
    private static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofMinutes(10)),
            "Bound on the slowest resolver's answer; above it the run is degraded.");

    static final DnsExpectation NONE = new DnsExpectation(
            Set.of(Rcode.NOERROR),
            ValueExpectation.NONE,
            Map.of(),
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    static final SectionType<DnsExpectation> TYPE = SectionType.of(
            "expect",
            List.of(
                    RCODE, ALLOW_EMPTY, ANSWERS, CONTAINS, NOT_CONTAINS, ANY_IN, ALL_IN, MATCHES, NOT_MATCHES, SECTIONS, AUTHENTICATED,
                    AGREE, SOA_SERIALS, MIN_TTL, MAX_TTL, LATENCY),
            DnsExpectation::read);

    DnsExpectation {
        rcodes = Set.copyOf(rcodes);
        sections = Map.copyOf(sections);
    }

    private static DnsExpectation read(Section s) {
        var values = new ValueExpectation(
                s.get(ALLOW_EMPTY),
                canonical(s, ANSWERS),
                canonical(s, CONTAINS),
                canonical(s, NOT_CONTAINS),
                s.find(ANY_IN).orElse(List.of()),
                s.find(ALL_IN).orElse(List.of()),
                s.find(MATCHES).orElse(List.of()),
                s.find(NOT_MATCHES).orElse(List.of()));
        Set<Integer> rcodes = Set.copyOf(s.get(RCODE));
        if (!rcodes.contains(Rcode.NOERROR) && values.wantsValues()) {
            s.problem(
                    RCODE,
                    "answers are expected together with rcode "
                            + Values.list(rcodes.stream().map(Rcode::string).sorted().toList()) + ", which carries none");
        }
        Optional<Duration> least = s.find(MIN_TTL);
        Optional<Duration> most = s.find(MAX_TTL);
        if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
            s.problem(MIN_TTL, "min_ttl is above max_ttl: no answer can keep both");
        }
        if (values.exact().stream().anyMatch(v -> values.notContains().contains(v))) {
            s.problem(NOT_CONTAINS, "a value is both expected (answers) and not wanted (not_contains)");
        }
        return new DnsExpectation(
                rcodes,
                values,
                s.get(SECTIONS),
                s.get(AUTHENTICATED),
                s.get(AGREE),
                s.get(SOA_SERIALS),
                least,
                most,
                s.find(LATENCY));
    }

    private static Key<RecordRules> rules(String section) {
        return Key.withDefault(section, RecordRules.TYPE, RecordRules.NONE, "{}", "Rules on the " + section + " section.");
    }

    private static Map<Integer, RecordRules> sections(Section s) {
        return Map.of(
                org.xbill.DNS.Section.ANSWER, s.get(ANSWER_SECTION),
                org.xbill.DNS.Section.AUTHORITY, s.get(AUTHORITY_SECTION),
                org.xbill.DNS.Section.ADDITIONAL, s.get(ADDITIONAL_SECTION));
    }

    private static NavigableSet<String> canonical(Section s, Key<List<String>> key) {
        var values = new TreeSet<String>();
        s.find(key).orElse(List.of()).forEach(v -> values.add(RecordText.canonical(v)));
        return values;
    }

    private static dev.gatewatch.config.ValueType<Cidr> cidr() {
        return Types.scalar("a block of addresses as 203.0.113.0/24 or 2001:db8::/32", Map.of("type", "string"), Cidr::parse);
    }

    private static dev.gatewatch.config.ValueType<Boolean> serials() {
        var words = new LinkedHashMap<String, Boolean>();
        words.put("any", false);
        words.put("equal", true);
        return Types.oneOf(words);
    }
}
