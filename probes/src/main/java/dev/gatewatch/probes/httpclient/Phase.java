package dev.gatewatch.probes.httpclient;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The parts of an exchange, in the order they happen and under blackbox_exporter's names. */
public enum Phase {
    /** Getting an access token; only where one is needed. */
    TOKEN,
    /** Name to address. */
    RESOLVE,
    /** TCP; to the proxy where there is one. */
    CONNECT,
    /** What the proxy needs to open the way to the target; only where there is one. */
    PROXY,
    /** Handshake; zero without TLS. */
    TLS,
    /** From the first byte of the request to the head of the response. */
    PROCESSING,
    /** The body. */
    TRANSFER;

    public static final List<String> NAMES =
            Arrays.stream(values()).map(Phase::label).toList();

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
