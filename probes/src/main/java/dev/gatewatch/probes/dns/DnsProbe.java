package dev.gatewatch.probes.dns;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Asks every resolver the same question at the same time and judges what comes back. Immutable. */
final class DnsProbe implements Probe {
    private final Name name;
    private final int type;
    private final List<ResolverAddress> resolvers;
    private final boolean tcp;
    private final boolean recursion;
    private final DnsExpectation expect;

    DnsProbe(
            Name name, int type, List<ResolverAddress> resolvers, boolean tcp, boolean recursion, DnsExpectation expect) {
        this.name = name;
        this.type = type;
        this.resolvers = List.copyOf(resolvers);
        this.tcp = tcp;
        this.recursion = recursion;
        this.expect = expect;
    }

    @Override
    public String target() {
        return name.toString(true);
    }

    @Override
    public Report run(Run run) throws InterruptedException {
        Record question = Record.newRecord(name, type, DClass.IN);
        var exchanges = resolvers.stream()
                .map(r -> Exchange.begin(r, question, recursion, tcp, run.deadline()))
                .toList();
        var replies = new ArrayList<Reply>();
        for (Exchange exchange : exchanges) {
            replies.add(exchange.reply(run.deadline()));
        }
        var report = Report.builder();
        Duration slowest = replies.stream().map(Reply::took).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
        report.phase("request", slowest);
        facts(report, replies);
        replies.forEach(r -> judge(report, r));
        judgeAgreement(report, replies);
        expect.latency().filter(bound -> slowest.compareTo(bound) > 0).ifPresent(bound -> report.degraded(
                Cause.LATENCY_HIGH, "took " + Durations.format(slowest) + ", bound " + Durations.format(bound)));
        if (report.outcome() != Outcome.PASS) {
            replies.forEach(r -> report.evidence("answer of " + r.from(), describe(r)));
        }
        return report.build();
    }

    private void judge(Report.Builder report, Reply reply) {
        switch (reply) {
            case Reply.Silence s -> report.fail(s.cause(), asked(s) + ": " + s.why());
            case Reply.Answer a -> judgeAnswer(report, a);
        }
    }

    private void judgeAnswer(Report.Builder report, Reply.Answer a) {
        String rcode = Rcode.string(a.message().getRcode());
        if (!rcode.equals(expect.rcode())) {
            report.fail(causeOf(a.message().getRcode()), asked(a) + " answers " + rcode + ", expected " + expect.rcode());
        } else if (a.message().getRcode() == Rcode.NOERROR) {
            judgeValues(report, a);
        }
    }

    private void judgeValues(Report.Builder report, Reply.Answer a) {
        if (a.values().isEmpty()) {
            report.fail(
                    Cause.DNS_NO_ADDRESS,
                    asked(a) + ": the name " + target() + " exists and has no " + Type.string(type) + " record");
        } else if (!expect.answers().isEmpty() && !a.values().equals(expect.answers())) {
            report.fail(
                    Cause.DNS_MISMATCH, asked(a) + " answers " + list(a.values()) + ", expected " + list(expect.answers()));
        } else if (!a.values().containsAll(expect.contains())) {
            report.fail(
                    Cause.DNS_MISMATCH,
                    asked(a) + " answers " + list(a.values()) + ", expected among them " + list(expect.contains()));
        } else {
            expect.minTtl().filter(least -> ttl(a.message()) < least.toSeconds()).ifPresent(least -> report.degraded(
                    Cause.DNS_MISMATCH,
                    asked(a) + " gives a time to live of " + ttl(a.message()) + " s, expected at least " + least.toSeconds() + " s"));
        }
    }

    private void judgeAgreement(Report.Builder report, List<Reply> replies) {
        if (!expect.agree()) {
            return;
        }
        var answers = replies.stream()
                .filter(Reply.Answer.class::isInstance)
                .map(Reply.Answer.class::cast)
                .toList();
        boolean agree = answers.stream().map(Reply.Answer::values).distinct().count() <= 1;
        if (!agree) {
            report.fail(
                    Cause.DNS_MISMATCH,
                    "the resolvers disagree: "
                            + answers.stream()
                                    .map(a -> a.from() + " answers " + list(a.values()))
                                    .collect(Collectors.joining("; ")));
        }
    }

    private void facts(Report.Builder report, List<Reply> replies) {
        var answers = replies.stream()
                .filter(Reply.Answer.class::isInstance)
                .map(Reply.Answer.class::cast)
                .toList();
        report.fact("query_succeeded", answers.size() == replies.size());
        report.fact("resolvers_answering", answers.size());
        if (answers.isEmpty()) {
            return;
        }
        Reply.Answer first = answers.getFirst();
        Message m = first.message();
        report.fact("rcode", Rcode.string(m.getRcode()));
        report.fact("answers", String.join(", ", first.values()));
        report.fact("answer_records", m.getSection(Section.ANSWER).size());
        report.fact("authority_records", m.getSection(Section.AUTHORITY).size());
        report.fact(
                "additional_records",
                m.getSection(Section.ADDITIONAL).stream().filter(r -> r.getType() != Type.OPT).count());
        report.fact("authenticated", m.getHeader().getFlag(Flags.AD));
        report.fact("agree", answers.stream().map(Reply.Answer::values).distinct().count() == 1);
        if (!Values.records(m, type).isEmpty()) {
            report.fact("ttl_seconds", ttl(m));
        }
        m.getSection(Section.ANSWER).stream()
                .filter(SOARecord.class::isInstance)
                .findFirst()
                .ifPresent(r -> report.fact("serial", ((SOARecord) r).getSerial()));
    }

    private long ttl(Message m) {
        return Values.records(m, type).stream().mapToLong(Record::getTTL).min().orElse(0);
    }

    private String asked(Reply reply) {
        return "resolver " + reply.from();
    }

    private static String list(Set<String> values) {
        String all = values.stream().sorted().collect(Collectors.joining(", "));
        return all.length() <= 200 ? all : all.substring(0, 200) + "…";
    }

    private static String describe(Reply reply) {
        return switch (reply) {
            case Reply.Silence s -> s.why();
            case Reply.Answer a -> a.message().toString();
        };
    }

    private static Cause causeOf(int rcode) {
        return switch (rcode) {
            case Rcode.NXDOMAIN -> Cause.DNS_NXDOMAIN;
            case Rcode.REFUSED -> Cause.DNS_REFUSED;
            case Rcode.SERVFAIL -> Cause.DNS_SERVFAIL;
            case Rcode.NOERROR -> Cause.DNS_MISMATCH; // it exists, where we expected that it does not
            default -> Cause.DNS_SERVFAIL;
        };
    }
}
