package dev.gatewatch.probes.tls;

import java.util.Arrays;
import java.util.List;

/** A protocol version that probes can ask for. Older ones are not among them: the JDK does not speak them. */
public enum TlsVersion {
    TLS12("TLSv1.2", "TLS 1.2"),
    TLS13("TLSv1.3", "TLS 1.3");

    private final String jdkName;
    private final String display;

    TlsVersion(String jdkName, String display) {
        this.jdkName = jdkName;
        this.display = display;
    }

    /** As blackbox_exporter and people write it: {@code TLS 1.3}. */
    public String display() {
        return display;
    }

    /** The JDK's name: {@code TLSv1.3}. */
    String jdkName() {
        return jdkName;
    }

    /** This version and the newer ones up to another. */
    List<TlsVersion> upTo(TlsVersion newest) {
        return Arrays.stream(values())
                .filter(v -> v.compareTo(this) >= 0 && v.compareTo(newest) <= 0)
                .toList();
    }

    /** {@link #display} of any version by the JDK's name, also of those that probes cannot ask for. */
    static String displayOf(String jdkName) {
        return switch (jdkName) {
            case "SSLv3" -> "SSL 3.0";
            case "TLSv1" -> "TLS 1.0";
            default -> jdkName.replace("TLSv", "TLS ");
        };
    }
}
