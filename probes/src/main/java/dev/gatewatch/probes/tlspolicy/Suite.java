package dev.gatewatch.probes.tlspolicy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A cipher suite. Immutable.
 *
 * @param code two bytes
 * @param name by IANA
 */
record Suite(int code, String name) {
    /** Those that a hello can offer. */
    static final List<Suite> ALL = load();

    private static final int FIRST_OF_TLS13 = 0x1300;

    /** Whether it is of TLS 1.3, whose suites say nothing of the key exchange. */
    boolean tls13() {
        return (code & 0xFF00) == FIRST_OF_TLS13;
    }

    static Optional<Suite> named(String name) {
        return ALL.stream().filter(s -> s.name.equals(name)).findFirst();
    }

    /** A code's name, or the code in hex where it is none of {@link #ALL}. */
    static String nameOf(int code) {
        return ALL.stream()
                .filter(s -> s.code == code)
                .map(Suite::name)
                .findFirst()
                .orElseGet(() -> "0x%04X".formatted(code));
    }

    static List<Suite> of(SuiteGroup group) {
        return ALL.stream()
                .filter(s -> !s.tls13() && SuiteGroup.of(s.name) == group)
                .toList();
    }

    /**
     * Suites of all groups, the strongest first, without the rare ones of each: servers are known that take no hello of more than 128
     * suites.
     */
    static List<Suite> common() {
        return SuiteGroup.STRONGEST_FIRST.stream()
                .filter(group -> group != SuiteGroup.STATIC_DH && group != SuiteGroup.SEED_IDEA)
                .flatMap(group -> of(group).stream())
                .filter(s -> !s.name.contains("ARIA") && !s.name.contains("CAMELLIA") && !s.name.contains("_DSS_"))
                .toList();
    }

    static List<Suite> ofTls13() {
        return ALL.stream().filter(Suite::tls13).toList();
    }

    private static List<Suite> load() {
        try (InputStream in = Suite.class.getResourceAsStream("suites.txt")) {
            if (in == null) {
                throw new IllegalStateException("suites.txt is not among the classes");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> new Suite(Integer.parseInt(line.substring(0, 4), 16), line.substring(5)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
