package dev.gatewatch.probes.dns;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.dns.DnsExpectation.ValueExpectation;
import dev.gatewatch.probes.nameserver.Query;
import dev.gatewatch.probes.nameserver.Rcodes;
import dev.gatewatch.probes.nameserver.RecordRules;
import dev.gatewatch.probes.nameserver.RecordText;
import dev.gatewatch.probes.net.Cidr;
import dev.gatewatch.probes.net.Failure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Judges one answer by the expectation. Immutable. */
final class AnswerJudge {
    private final Query query;
    private final DnsExpectation expect;

    AnswerJudge(Query query, DnsExpectation expect) {
        this.query = query;
        this.expect = expect;
    }

    /** Tells the report the first thing that is wrong with a resolver's answer; {@code who} gave it. */
    void judgeResolver(Report.Builder report, String who, Message answer) {
        if (accepts(answer.getRcode()) && expect.authenticated() && !answer.getHeader().getFlag(Flags.AD)) {
            report.fail(Cause.DNSSEC_BOGUS, who + " does not say that DNSSEC holds for " + query + " (AD flag missing)");
        } else {
            judge(report, who, answer);
        }
    }

    /** As {@link #judgeResolver}, of an answer from a server that does not check signatures. */
    void judge(Report.Builder report, String who, Message answer) {
        Optional<Failure> failure = failure(who, answer);
        if (failure.isPresent()) {
            failure.get().tell(report);
        } else {
            timeToLive(who, answer).ifPresent(what -> report.degraded(Cause.DNS_MISMATCH, what));
        }
    }

    boolean accepts(int rcode) {
        return expect.rcodes().contains(rcode);
    }

    private Optional<Failure> failure(String who, Message answer) {
        if (!accepts(answer.getRcode())) {
            return Optional.of(new Failure(Rcodes.cause(answer), who + " answers " + Rcode.string(answer.getRcode()) + ", expected "
                    + Values.list(expect.rcodes().stream().map(Rcode::string).sorted().toList())
                    + Rcodes.reason(answer).map(r -> " (" + r + ")").orElse("")));
        }
        return (answer.getRcode() == Rcode.NOERROR ? values(who, answer) : Optional.<Failure>empty())
                .or(() -> sections(who, answer));
    }

    private Optional<Failure> values(String who, Message answer) {
        NavigableSet<String> values = Values.of(answer, query.type());
        ValueExpectation wanted = expect.values();
        if (values.isEmpty() && !(wanted.mayBeEmpty() && !wanted.wantsValues())) {
            return Optional.of(new Failure(
                    Cause.DNS_NO_ADDRESS,
                    who + ": the name " + query.name().toString(true) + " exists and has no " + Type.string(query.type()) + " record"));
        }
        String answers = who + " answers " + Values.list(values);
        return mismatch(!wanted.exact().isEmpty() && !values.equals(wanted.exact()), answers + ", expected " + Values.list(wanted.exact()))
                .or(() -> mismatch(
                        !values.containsAll(wanted.contains()), answers + ", expected among them " + Values.list(wanted.contains())))
                .or(() -> wanted.notContains().stream()
                        .filter(values::contains)
                        .findFirst()
                        .flatMap(v -> mismatch(true, answers + ", among them " + v + ", which must not be")))
                .or(() -> blocks(answers, answer))
                .or(() -> expressions(answers, answer));
    }

    private Optional<Failure> blocks(String answers, Message answer) {
        List<InetAddress> addresses = Values.addresses(answer, query.type());
        List<Cidr> anyIn = expect.values().anyIn();
        List<Cidr> allIn = expect.values().allIn();
        boolean none = !anyIn.isEmpty() && addresses.stream().noneMatch(a -> in(anyIn, a));
        Optional<InetAddress> outside =
                allIn.isEmpty() ? Optional.empty() : addresses.stream().filter(a -> !in(allIn, a)).findFirst();
        return mismatch(none, answers + ", none of them in " + shown(anyIn))
                .or(() -> outside.flatMap(
                        a -> mismatch(true, answers + "; " + RecordText.address(a) + " is not in " + shown(allIn))));
    }

    private Optional<Failure> expressions(String answers, Message answer) {
        List<String> data =
                Values.records(answer, query.type()).stream().map(RecordText::data).toList();
        for (Pattern pattern : expect.values().matches()) {
            if (data.stream().noneMatch(d -> pattern.matcher(d).find())) {
                return mismatch(true, answers + ", none of which matches " + pattern.pattern());
            }
        }
        for (Pattern pattern : expect.values().notMatches()) {
            Optional<String> hit =
                    data.stream().filter(d -> pattern.matcher(d).find()).findFirst();
            if (hit.isPresent()) {
                return mismatch(true, answers + ", and " + Values.list(List.of(hit.get())) + " matches " + pattern.pattern() + ", which must not be");
            }
        }
        return Optional.empty();
    }

    private Optional<Failure> sections(String who, Message answer) {
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
            RecordRules rules = expect.sections().getOrDefault(section, RecordRules.NONE);
            Optional<String> broken = rules.broken(RecordText.lines(answer, section), RecordRules.Sense.AS_NAMED);
            if (broken.isPresent()) {
                String name = switch (section) {
                    case Section.ANSWER -> "answer";
                    case Section.AUTHORITY -> "authority";
                    default -> "additional";
                };
                return mismatch(true, who + ": the " + name + " section " + broken.get());
            }
        }
        return Optional.empty();
    }

    private Optional<String> timeToLive(String who, Message answer) {
        List<Record> records = Values.records(answer, query.type());
        if (answer.getRcode() != Rcode.NOERROR || records.isEmpty()) {
            return Optional.empty();
        }
        var least = Duration.ofSeconds(records.stream().mapToLong(Record::getTTL).min().orElse(0));
        var most = Duration.ofSeconds(records.stream().mapToLong(Record::getTTL).max().orElse(0));
        return expect.minTtl()
                .filter(bound -> least.compareTo(bound) < 0)
                .map(bound -> who + " gives a time to live of " + least.toSeconds() + " s, expected at least " + Durations.format(bound))
                .or(() -> expect.maxTtl()
                        .filter(bound -> most.compareTo(bound) > 0)
                        .map(bound -> who + " gives a time to live of " + most.toSeconds() + " s, expected at most "
                                + Durations.format(bound)));
    }

    private static Optional<Failure> mismatch(boolean is, String message) {
        return is ? Optional.of(new Failure(Cause.DNS_MISMATCH, message)) : Optional.empty();
    }

    private static boolean in(List<Cidr> blocks, InetAddress address) {
        return blocks.stream().anyMatch(b -> b.has(address));
    }

    private static String shown(List<Cidr> blocks) {
        return Values.list(blocks.stream().map(Cidr::toString).toList());
    }
}
