package dev.gatewatch.probes.dns;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the answers should be. Immutable.
 *
 * @param rcode the response code, as {@code NOERROR}
 * @param answers the exact set; empty for any
 * @param contains values that must be among the answers
 * @param agree whether all resolvers must answer alike
 */
record DnsExpectation(
        String rcode, Set<String> answers, Set<String> contains, boolean agree, Optional<Duration> minTtl, Optional<Duration> latency) {
    private static final Key<String> RCODE = Key.withDefault(
            "rcode",
            Types.text("a response code such as NOERROR or NXDOMAIN", "NOERROR|FORMERR|SERVFAIL|NXDOMAIN|NOTIMP|REFUSED|YXDOMAIN|YXRRSET|NXRRSET|NOTAUTH|NOTZONE"),
            "NOERROR",
            "NOERROR",
            "The response code that every resolver should give. `NXDOMAIN` proves that a name does not exist.");
    private static final Key<List<String>> ANSWERS = Key.optional(
            "answers",
            Types.oneOrMore(Types.text()),
            "The exact set of values, in any order: addresses, names, or the record's data as in a zone file.");
    private static final Key<List<String>> CONTAINS =
            Key.optional("contains", Types.oneOrMore(Types.text()), "Values that must be among the answers.");
    private static final Key<Boolean> AGREE = Key.withDefault(
            "agree", Types.bool(), false, "false", "Whether all resolvers must give the same set of answers.");
    private static final Key<Duration> MIN_TTL = Key.optional(
            "min_ttl",
            Types.duration(Duration.ZERO, Duration.ofDays(7)),
            "The least time to live of the answers; below it the run is degraded.");
    private static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofMinutes(10)),
            "Bound on the whole run; above it the run is degraded.");

    static final SectionType<DnsExpectation> TYPE = SectionType.of(
            "expect",
            List.of(RCODE, ANSWERS, CONTAINS, AGREE, MIN_TTL, LATENCY),
            s -> new DnsExpectation(
                    s.get(RCODE),
                    canonical(s.find(ANSWERS).orElse(List.of())),
                    canonical(s.find(CONTAINS).orElse(List.of())),
                    s.get(AGREE),
                    s.find(MIN_TTL),
                    s.find(LATENCY)));

    static final DnsExpectation NONE =
            new DnsExpectation("NOERROR", Set.of(), Set.of(), false, Optional.empty(), Optional.empty());

    private static Set<String> canonical(List<String> values) {
        return values.stream().map(Values::canonical).collect(Collectors.toUnmodifiableSet());
    }
}
