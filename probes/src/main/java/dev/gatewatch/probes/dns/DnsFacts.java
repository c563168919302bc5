package dev.gatewatch.probes.dns;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.dns.Authority.Direct;
import dev.gatewatch.probes.nameserver.Query;
import dev.gatewatch.probes.nameserver.RecordText;
import dev.gatewatch.probes.nameserver.Reply;
import dev.gatewatch.probes.net.NetFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The facts of a dns run, under blackbox_exporter's metric names where it has such. Pure functions. */
final class DnsFacts {
    static final List<FactSpec> SPECS = Stream.of(
                    List.of(
                            FactSpec.gauge("query_succeeded", "probe_dns_query_succeeded", "Whether every resolver answered, with whatever code."),
                            FactSpec.gauge("resolvers_answering", "probe_dns_resolvers_answering", "How many resolvers answered."),
                            FactSpec.family("resolver_seconds", "probe_dns_resolver_seconds", "resolver", "Seconds that each resolver's answer took."),
                            FactSpec.plain("rcode", "The first answering resolver's response code."),
                            FactSpec.plain("answers", "The first answering resolver's answers."),
                            FactSpec.gauge("answer_records", "probe_dns_answer_rrs", "Number of records in the answer section."),
                            FactSpec.gauge("authority_records", "probe_dns_authority_rrs", "Number of records in the authority section."),
                            FactSpec.gauge("additional_records", "probe_dns_additional_rrs", "Number of records in the additional section."),
                            FactSpec.gauge("authenticated", "probe_dns_authenticated", "Whether the resolver says that DNSSEC holds (AD flag)."),
                            FactSpec.gauge("authoritative", "probe_dns_authoritative", "Whether the resolver answers with authority (AA flag)."),
                            FactSpec.gauge("agree", "probe_dns_agree", "Whether all who answered gave the same values."),
                            FactSpec.gauge("ttl_seconds", "probe_dns_ttl_seconds", "The least time to live among the answers."),
                            FactSpec.gauge(
                                    "over_tcp",
                                    "probe_dns_truncated",
                                    "Whether an answer came truncated by datagram and was asked for again over TCP."),
                            FactSpec.gauge("repeated", "probe_dns_repeated", "How often questions had to be sent again."),
                            FactSpec.gauge(
                                    "ignored_packets",
                                    "probe_dns_ignored_packets",
                                    "Packets that came and did not fit the question: late, stray or forged."),
                            FactSpec.gauge("serial", "probe_dns_serial", "Serial number of the zone (SOA), where it was asked for; 0 where the answer has none."),
                            FactSpec.gauge("serial_changed", "probe_dns_serial_changed", "Whether the serial number is another than in the run before."),
                            FactSpec.plain("zone", "The zone that the name is in."),
                            FactSpec.gauge("name_servers", "probe_dns_name_servers", "How many name servers the zone has."),
                            FactSpec.gauge(
                                    "lame_servers",
                                    "probe_dns_lame_servers",
                                    "How many of the zone's name servers do not answer, or not with authority."),
                            FactSpec.family("server_serial", "probe_dns_server_serial", "server", "Serial number that each name server has of the zone."),
                            FactSpec.plain("dnssec", "What checking the signatures came to: secure, insecure, bogus or undecided."),
                            FactSpec.gauge("dnssec_secure", "probe_dns_dnssec_secure", "Whether the answer is signed and the signatures hold."),
                            FactSpec.gauge(
                                    "rrsig_expiry",
                                    "probe_dns_rrsig_expiry_timestamp_seconds",
                                    "When the first of the zone's signatures that were seen ends, in Unix seconds."),
                            FactSpec.gauge(
                                    "rrsig_days_left",
                                    "probe_dns_rrsig_days_left",
                                    "Days until the first of the zone's signatures that were seen ends; negative afterwards.")),
                    NetFacts.SPECS)
            .flatMap(List::stream)
            .toList();

    private static final String SERIAL = "serial";

    private DnsFacts() {}

    /** The facts of the resolvers' answers. */
    static void put(Report.Builder report, Query query, List<Reply> replies) {
        List<Reply.Answer> answers = answers(replies);
        report.fact("query_succeeded", answers.size() == replies.size());
        report.fact("resolvers_answering", answers.size());
        report.fact("repeated", answers.stream().mapToLong(Reply.Answer::repeated).sum());
        report.fact("ignored_packets", answers.stream().mapToLong(Reply.Answer::ignored).sum());
        report.fact("over_tcp", answers.stream().anyMatch(Reply.Answer::overTcp));
        answers.forEach(a -> report.fact("resolver_seconds." + a.from(), a.took().toNanos() / 1e9));
        replies.stream()
                .findFirst()
                .ifPresent(r -> NetFacts.lookup(report, r.timing().resolve()));
        if (answers.isEmpty()) {
            replies.stream()
                    .filter(Reply.Silence.class::isInstance)
                    .flatMap(r -> ((Reply.Silence) r).at().stream())
                    .findFirst()
                    .ifPresent(at -> NetFacts.address(report, at.getAddress()));
            return;
        }
        Reply.Answer first = answers.getFirst();
        NetFacts.address(report, first.at().getAddress());
        Message m = first.message();
        report.fact("rcode", Rcode.string(m.getRcode()));
        report.fact("answers", Values.list(Values.of(m, query.type())));
        report.fact("answer_records", RecordText.records(m, Section.ANSWER).size());
        report.fact("authority_records", RecordText.records(m, Section.AUTHORITY).size());
        report.fact("additional_records", RecordText.records(m, Section.ADDITIONAL).size());
        if (query.type() == Type.SOA) {
            report.fact(SERIAL, serial(first).orElse(0));
        }
        report.fact("authenticated", m.getHeader().getFlag(Flags.AD));
        report.fact("authoritative", m.getHeader().getFlag(Flags.AA));
        Values.records(m, query.type()).stream()
                .mapToLong(Record::getTTL)
                .min()
                .ifPresent(ttl -> report.fact("ttl_seconds", ttl));
    }

    /** The facts of the zone's name servers, as far as they were asked. */
    static void put(Report.Builder report, Authority.Found found, long lame) {
        found.zone().ifPresent(zone -> report.fact("zone", zone.toString(true)));
        if (found.servers().isEmpty()) {
            return;
        }
        report.fact("name_servers", found.servers().size());
        report.fact("lame_servers", lame);
        for (Direct server : found.servers()) {
            serial(server.soa()).ifPresent(serial -> report.fact("server_serial." + server.server(), serial));
        }
    }

    /** The serial number, and whether it is another than in the run before, which memory knows. */
    static void putSerial(Report.Builder report, long serial, Memory memory) {
        Optional<String> before = memory.get(SERIAL);
        String now = Long.toString(serial);
        boolean changed = before.isPresent() && !before.get().equals(now);
        report.fact(SERIAL, serial);
        report.fact("serial_changed", changed);
        if (changed) {
            report.evidence("new serial", "the zone's serial went from " + before.get() + " to " + now);
        }
        memory.put(SERIAL, now);
    }

    /** When the zone's signatures end. */
    static void putSignatures(Report.Builder report, Signatures zone, Instant now) {
        zone.first().ifPresent(s -> {
            report.fact("rrsig_expiry", s.ends().getEpochSecond());
            report.fact("rrsig_days_left", Duration.between(now, s.ends()).toMillis() / 86_400_000.0);
        });
    }

    /** The serial number in an answer. */
    static OptionalLong serial(Reply reply) {
        return reply instanceof Reply.Answer answer
                ? answer.message().getSection(Section.ANSWER).stream()
                        .filter(SOARecord.class::isInstance)
                        .mapToLong(r -> ((SOARecord) r).getSerial())
                        .findFirst()
                : OptionalLong.empty();
    }

    static List<Reply.Answer> answers(List<Reply> replies) {
        return replies.stream()
                .filter(Reply.Answer.class::isInstance)
                .map(Reply.Answer.class::cast)
                .toList();
    }
}
