package dev.gatewatch.probes.dns;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.dns.Authority.Direct;
import dev.gatewatch.probes.dns.Validation.Verdict;
import dev.gatewatch.probes.nameserver.Asking;
import dev.gatewatch.probes.nameserver.NameServer;
import dev.gatewatch.probes.nameserver.Query;
import dev.gatewatch.probes.nameserver.Rcodes;
import dev.gatewatch.probes.nameserver.Reply;
import dev.gatewatch.probes.nameserver.Timing;
import dev.gatewatch.probes.nameserver.Together;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Asks every resolver the same question at the same time, the zone's name servers and the keys above it where wanted, and judges what
 * comes back. Immutable.
 */
final class DnsProbe implements Probe {
    private final DnsSettings settings;
    private final Query query;
    private final DnsExpectation expect;
    private final AnswerJudge judge;

    DnsProbe(DnsSettings settings) {
        this.settings = settings;
        this.query = settings.query();
        this.expect = settings.expect();
        this.judge = new AnswerJudge(query, expect);
    }

    @Override
    public String target() {
        return query.name().toString(true);
    }

    /** What the questions that go out together came to; confined to its run. */
    private static final class Gathered {
        private List<Reply> replies = List.of();
        private Authority.Found authority = Authority.Found.NOT_ASKED;
        private Optional<Verdict> dnssec = Optional.empty();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        Gathered gathered = gather(run);
        List<Reply> replies = gathered.replies;
        Authority.Found authority = gathered.authority;
        var report = Report.builder();
        Reply slowest = replies.stream().max(Comparator.comparing(Reply::took)).orElseThrow();
        phases(report, slowest.timing());
        DnsFacts.put(report, query, replies);
        DnsFacts.put(report, authority, authority.servers().stream().filter(DnsProbe::isLame).count());
        serial(replies, authority).ifPresent(serial -> DnsFacts.putSerial(report, serial, run.memory()));
        judgeSignatures(report, gathered, run);
        for (Reply reply : replies) {
            judgeResolver(report, reply, run);
        }
        judgeAuthority(report, authority);
        judgeAgreement(report, replies, authority);
        judgeSerials(report, replies, authority);
        expect.latency().filter(bound -> slowest.took().compareTo(bound) > 0).ifPresent(bound -> report.degraded(
                Cause.LATENCY_HIGH, "took " + Durations.format(slowest.took()) + ", bound " + Durations.format(bound)));
        if (report.outcome() != Outcome.PASS) {
            replies.forEach(r -> report.evidence("answer of " + r.from(), describe(r)));
            authority.servers().forEach(d -> report.evidence("answer of name server " + d.server(), describe(d.reply())));
        }
        return report.build();
    }

    private Gathered gather(Run run) throws InterruptedIOException {
        NameServer first = settings.resolvers().getFirst();
        Instant now = run.clock().instant();
        var gathered = new Gathered();
        var tasks = new ArrayList<Callable<Runnable>>();
        tasks.add(() -> {
            List<Reply> replies = Together.all(settings.resolvers().stream()
                    .map(r -> (Callable<Reply>) () -> Asking.ask(r, query, settings.access(), run.deadline(), now))
                    .toList());
            return () -> gathered.replies = replies;
        });
        settings.authorityPort().ifPresent(port -> tasks.add(() -> {
            var found = new Authority(first, settings.access(), settings.transport(), port, run.deadline(), run.clock()).ask(query);
            return () -> gathered.authority = found;
        }));
        settings.dnssec().ifPresent(dnssec -> tasks.add(() -> {
            var verdict = Validation.check(first, query, settings.access(), dnssec, run.deadline(), run.clock());
            return () -> gathered.dnssec = Optional.of(verdict);
        }));
        Together.all(tasks).forEach(Runnable::run);
        return gathered;
    }

    private static void phases(Report.Builder report, Timing timing) {
        report.phase("resolve", timing.resolve());
        report.phase("connect", timing.connect());
        if (!timing.tls().isZero()) {
            report.phase("tls", timing.tls());
        }
        report.phase("request", timing.request());
    }

    private void judgeSignatures(Report.Builder report, Gathered gathered, Run run) {
        Instant now = run.clock().instant();
        List<Message> heard =
                DnsFacts.answers(gathered.replies).stream().map(Reply.Answer::message).toList();
        if (settings.dnssec().isEmpty() || gathered.dnssec.isEmpty()) {
            DnsFacts.putSignatures(report, Signatures.of(heard), now);
            return;
        }
        DnssecSettings dnssec = settings.dnssec().get();
        Verdict verdict = gathered.dnssec.get();
        String status = verdict.status().name().toLowerCase(java.util.Locale.ROOT);
        report.fact("dnssec", status);
        report.fact("dnssec_secure", verdict.status() == Validation.Status.SECURE);
        DnsFacts.putSignatures(report, verdict.zone(), now);
        switch (verdict.status()) {
            case BOGUS -> report.fail(
                    Cause.DNSSEC_BOGUS,
                    "DNSSEC does not hold for " + query + ": " + verdict.all().fault(now).orElse(verdict.reason()));
            case INSECURE -> {
                if (dnssec.required()) {
                    report.fail(
                            Cause.DNSSEC_BOGUS,
                            query + " is not signed, or not by a zone that the trusted keys lead to"
                                    + (verdict.reason().isEmpty() ? "" : ": " + verdict.reason()));
                }
            }
            case UNDECIDED -> verdict.failure()
                    // what the resolver does not answer at all is told once
                    .filter(_ -> gathered.replies.getFirst() instanceof Reply.Answer)
                    .ifPresent(f -> new Failure(
                                    f.cause(),
                                    "DNSSEC cannot be checked for " + query + ": resolver " + settings.resolvers().getFirst() + ": "
                                            + f.message())
                            .tell(report));
            case SECURE -> verdict.zone()
                    .first()
                    .filter(s -> Duration.between(now, s.ends()).compareTo(dnssec.minLeft()) < 0)
                    .ifPresent(s -> report.degraded(
                            Cause.DNSSEC_BOGUS,
                            s.named() + " ends in " + Signatures.about(Duration.between(now, s.ends())) + ", at "
                                    + Signatures.Signature.shown(s.ends()) + ", expected at least "
                                    + Signatures.about(dnssec.minLeft()) + ": signing may have stopped"));
        }
    }

    private void judgeResolver(Report.Builder report, Reply reply, Run run) throws InterruptedIOException {
        String who = "resolver " + reply.from();
        switch (reply) {
            case Reply.Silence s -> new Failure(s.failure().cause(), who + ": " + s.failure().message()).tell(report);
            case Reply.Answer a -> {
                Optional<Failure> unchecked = failedForSignatures(report, who, a, run);
                if (unchecked.isPresent()) {
                    unchecked.get().tell(report);
                } else {
                    judge.judgeResolver(report, who, a.message());
                }
            }
        }
    }

    /**
     * Whether a resolver fails only because it checks signatures: it has an answer, with signatures, when it is told not to. Few say so
     * by themselves (RFC 8914).
     */
    private Optional<Failure> failedForSignatures(Report.Builder report, String who, Reply.Answer answer, Run run)
            throws InterruptedIOException {
        boolean failed = answer.message().getRcode() == Rcode.SERVFAIL && !judge.accepts(Rcode.SERVFAIL);
        if (!failed || query.checkingDisabled() || query.dclass() != DClass.IN || run.deadline().passed()) {
            return Optional.empty();
        }
        Instant now = run.clock().instant();
        Reply again = Asking.ask(answer.from(), query.unchecked(), settings.access(), run.deadline(), now);
        if (!(again instanceof Reply.Answer whole) || whole.message().getRcode() == Rcode.SERVFAIL) {
            return Optional.empty();
        }
        Signatures signatures = Signatures.of(List.of(whole.message()));
        if (signatures.isEmpty() && !Rcodes.saysBogus(answer.message())) {
            return Optional.empty();
        }
        if (settings.dnssec().isEmpty()) {
            DnsFacts.putSignatures(report, signatures, now);
        }
        String why = signatures
                .fault(now)
                .or(() -> Rcodes.reason(answer.message()))
                .map(fault -> ": " + fault)
                .orElse("");
        return Optional.of(new Failure(
                Cause.DNSSEC_BOGUS,
                who + " answers SERVFAIL since DNSSEC does not hold for " + query + why
                        + " (asked not to check, it answers " + Rcode.string(whole.message().getRcode()) + ")"));
    }

    private void judgeAuthority(Report.Builder report, Authority.Found found) {
        found.failure().ifPresent(f -> f.tell(report));
        for (Direct server : found.servers()) {
            String who = "name server " + server.server();
            String zone = found.zone().map(z -> z.toString(true)).orElse("");
            switch (server.reply()) {
                case Reply.Silence s -> new Failure(
                                s.failure().cause(), who + " of zone " + zone + " is lame: " + s.failure().message())
                        .tell(report);
                case Reply.Answer a when isLame(server) -> {
                    boolean error = a.message().getRcode() != Rcode.NOERROR;
                    report.fail(
                            error ? Rcodes.cause(a.message()) : Cause.DNS_MISMATCH,
                            who + " (" + a.at().getAddress().getHostAddress() + ") is lame: it answers "
                                    + (error ? Rcode.string(a.message().getRcode()) : "without authority") + " for zone " + zone
                                    + ", which lists it as its name server");
                }
                // an alias that leads out of the zone is all that its authority knows
                case Reply.Answer a when Values.bareAlias(a.message(), query.type()).isPresent() -> {}
                case Reply.Answer a -> judge.judge(report, who, a.message());
            }
        }
    }

    /** A listed name server that does not know the zone (RFC 9499, lame delegation). */
    private static boolean isLame(Direct server) {
        return switch (server.reply()) {
            case Reply.Silence _ -> true;
            case Reply.Answer a -> !a.message().getHeader().getFlag(Flags.AA);
        };
    }

    /** Name servers of one zone have to agree; resolvers only where it is expected, as many zones answer each resolver as suits it. */
    private void judgeAgreement(Report.Builder report, List<Reply> replies, Authority.Found authority) {
        List<Heard> resolvers = DnsFacts.answers(replies).stream()
                .map(a -> heard(a.from().toString(), a.message()))
                .toList();
        List<Heard> servers = authority.servers().stream()
                .filter(d -> !isLame(d) && d.reply() instanceof Reply.Answer)
                .map(d -> heard("name server " + d.server(), ((Reply.Answer) d.reply()).message()))
                .toList();
        List<Heard> all = Stream.concat(resolvers.stream(), servers.stream().filter(h -> !h.alias())).toList();
        if (!all.isEmpty()) {
            report.fact("agree", !disagree(all));
        }
        if (expect.agree() && disagree(all)) {
            report.fail(
                    Cause.DNS_MISMATCH,
                    (servers.isEmpty() ? "the resolvers disagree: " : "resolvers and name servers disagree: ") + told(all));
        } else if (disagree(servers)) {
            report.fail(Cause.DNS_MISMATCH, "the zone's name servers disagree: " + told(servers));
        }
    }

    /**
     * What one of those asked says.
     *
     * @param alias whether it is only where to ask on
     */
    private record Heard(String who, Collection<String> values, boolean alias) {}

    private Heard heard(String who, Message message) {
        return Values.bareAlias(message, query.type())
                .map(alias -> new Heard(who, Set.of("alias of " + alias), true))
                .orElseGet(() -> new Heard(who, Values.of(message, query.type()), false));
    }

    private static boolean disagree(List<Heard> heard) {
        return heard.stream().map(Heard::values).distinct().count() > 1;
    }

    private static String told(List<Heard> heard) {
        return heard.stream()
                .map(h -> h.who() + " answers " + Values.list(h.values()))
                .collect(Collectors.joining("; "));
    }

    private void judgeSerials(Report.Builder report, List<Reply> replies, Authority.Found authority) {
        if (!expect.equalSerials()) {
            return;
        }
        var serials = new TreeMap<String, Long>();
        if (query.type() == Type.SOA) {
            replies.forEach(r -> DnsFacts.serial(r).ifPresent(s -> serials.put("resolver " + r.from(), s)));
        }
        authority.servers().forEach(d -> DnsFacts.serial(d.soa()).ifPresent(s -> serials.put("name server " + d.server(), s)));
        if (serials.values().stream().distinct().count() > 1) {
            String zone = authority.zone().map(Name::toString).orElseGet(() -> query.name().toString());
            report.fail(
                    Cause.DNS_MISMATCH,
                    "not all serve the same version of zone " + zone.substring(0, Math.max(1, zone.length() - 1)) + ": "
                            + serials.entrySet().stream()
                                    .map(e -> e.getKey() + " has serial " + e.getValue())
                                    .collect(Collectors.joining(", ")));
        }
    }

    /** The first answering resolver's, else the first name server's. */
    private OptionalLong serial(List<Reply> replies, Authority.Found authority) {
        Stream<Reply> asked = query.type() == Type.SOA ? replies.stream() : Stream.empty();
        return Stream.concat(asked, authority.servers().stream().map(Direct::soa))
                .map(DnsFacts::serial)
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private static String describe(Reply reply) {
        return switch (reply) {
            case Reply.Silence s -> s.failure().message();
            case Reply.Answer a -> a.message().toString();
        };
    }
}
