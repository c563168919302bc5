package dev.gatewatch.probes.net;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** The facts of resolving and connecting, under blackbox_exporter's metric names and in its formats. Pure functions. */
public final class NetFacts {
    private static final String LOOKUP_TIME = "dns_lookup_time";
    private static final String PROTOCOL = "ip_protocol";
    private static final String ADDRESS = "address";
    private static final String ADDRESS_HASH = "address_hash";

    /** For {@link dev.gatewatch.probe.ProbeType#facts}. */
    public static final List<FactSpec> SPECS = List.of(
            FactSpec.gauge(LOOKUP_TIME, "probe_dns_lookup_time_seconds", "Seconds that resolving the name took."),
            FactSpec.gauge(PROTOCOL, "probe_ip_protocol", "4 or 6; 0 when the name was not resolved."),
            FactSpec.plain(ADDRESS, "The address that was probed."),
            FactSpec.gauge(
                    ADDRESS_HASH, "probe_ip_addr_hash", "A hash of the address; its change shows that the address did."));

    private NetFacts() {}

    /** How long the lookup took, whether or not it succeeded. */
    public static void lookup(Report.Builder report, Duration took) {
        report.fact(LOOKUP_TIME, took.toNanos() / 1e9);
        report.fact(PROTOCOL, 0);
    }

    /** The address that the run went to. */
    public static void address(Report.Builder report, InetAddress address) {
        report.fact(PROTOCOL, address instanceof Inet4Address ? 4 : 6);
        report.fact(ADDRESS, address.getHostAddress());
        report.fact(ADDRESS_HASH, (double) fnv1a(address.getAddress()));
    }

    /** FNV-1a of 32 bits (RFC 9923), as an unsigned number. */
    static long fnv1a(byte[] bytes) {
        int hash = 0x811C9DC5;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xFF)) * 0x01000193;
        }
        return Integer.toUnsignedLong(hash);
    }
}
