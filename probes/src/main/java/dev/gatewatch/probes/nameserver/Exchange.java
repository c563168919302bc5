package dev.gatewatch.probes.nameserver;

import dev.gatewatch.probe.Report;
import org.xbill.DNS.Message;

/**
 * An answer on its way back from one address. Immutable.
 *
 * @param seen facts of the connection
 */
record Exchange(Message message, Timing timing, int repeated, int ignored, Report seen) {
    static final Report NOTHING_SEEN = Report.builder().build();
}
