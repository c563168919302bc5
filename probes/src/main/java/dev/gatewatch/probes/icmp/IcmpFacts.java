package dev.gatewatch.probes.icmp;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import java.time.Duration;
import java.util.List;

/** The facts of a run and their metrics, blackbox_exporter's names first. Pure functions. */
final class IcmpFacts {
    static final List<FactSpec> SPECS = List.of(
            FactSpec.gauge(
                    "hop_limit",
                    "probe_icmp_reply_hop_limit",
                    "What was left of the TTL or hop limit of the last reply; its change shows that the way back did."),
            FactSpec.gauge("packets_sent", "probe_icmp_packets_sent", "Packets sent."),
            FactSpec.gauge("packets_received", "probe_icmp_packets_received", "Packets that got a reply, each counted once."),
            FactSpec.gauge("packets_duplicate", "probe_icmp_packets_duplicate", "Replies beyond the first to a packet."),
            FactSpec.gauge("packets_damaged", "probe_icmp_packets_damaged", "Replies whose content is not what was sent."),
            FactSpec.gauge("loss", "probe_icmp_packet_loss_ratio", "Share of packets without a reply, 0 to 1."),
            FactSpec.gauge("rtt_min", "probe_icmp_rtt_min_seconds", "Shortest round trip, in seconds."),
            FactSpec.gauge("rtt_avg", "probe_icmp_rtt_avg_seconds", "Mean round trip, in seconds."),
            FactSpec.gauge("rtt_max", "probe_icmp_rtt_max_seconds", "Longest round trip, in seconds."),
            FactSpec.gauge("rtt_stddev", "probe_icmp_rtt_stddev_seconds", "Standard deviation of the round trips, in seconds."),
            FactSpec.gauge(
                    "jitter",
                    "probe_icmp_jitter_seconds",
                    "Mean difference between the round trips of one packet and the next, in seconds."));

    private IcmpFacts() {}

    /** The round trips are left out where no packet came back: no time is not zero seconds. */
    static void tell(Replies replies, Report.Builder report) {
        replies.hopLimit().ifPresent(hops -> report.fact("hop_limit", hops));
        report.fact("packets_sent", replies.sent())
                .fact("packets_received", replies.received())
                .fact("packets_duplicate", replies.duplicates())
                .fact("packets_damaged", replies.damaged())
                .fact("loss", replies.loss());
        if (replies.received() > 0) {
            report.fact("rtt_min", seconds(replies.shortest()))
                    .fact("rtt_avg", seconds(replies.mean()))
                    .fact("rtt_max", seconds(replies.longest()))
                    .fact("rtt_stddev", seconds(replies.deviation()))
                    .fact("jitter", seconds(replies.jitter()));
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
