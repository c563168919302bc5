package dev.gatewatch.probes.nameserver;

import org.xbill.DNS.Message;

/**
 * An answer on its way back from one address. Immutable.
 *
 * @param repeated how often the question had to be sent again
 * @param ignored packets that came and were not believed
 */
record Exchange(Message message, Timing timing, int repeated, int ignored) {}
