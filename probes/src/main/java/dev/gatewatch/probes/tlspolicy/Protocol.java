package dev.gatewatch.probes.tlspolicy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A version of the protocol, newest last. */
enum Protocol {
    SSL3(0x0300, "SSL 3.0"),
    TLS10(0x0301, "TLS 1.0"),
    TLS11(0x0302, "TLS 1.1"),
    TLS12(0x0303, "TLS 1.2"),
    TLS13(0x0304, "TLS 1.3");

    private final int code;
    private final String display;

    Protocol(int code, String display) {
        this.code = code;
        this.display = display;
    }

    int code() {
        return code;
    }

    /** As people write it, and as blackbox_exporter does. */
    String display() {
        return display;
    }

    /** Its word in a configuration: {@code tls12}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Protocol> of(int code) {
        return Arrays.stream(values()).filter(p -> p.code == code).findFirst();
    }
}
