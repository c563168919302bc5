package dev.gatewatch.probes.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The parts of an exchange, in the order they happen and under blackbox_exporter's names. */
enum Phase {
    /** Name to address. */
    RESOLVE,
    /** TCP. */
    CONNECT,
    /** Handshake; zero without TLS. */
    TLS,
    /** From the first byte of the request to the head of the response. */
    PROCESSING,
    /** The body. */
    TRANSFER;

    static final List<String> NAMES =
            Arrays.stream(values()).map(Phase::label).toList();

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
