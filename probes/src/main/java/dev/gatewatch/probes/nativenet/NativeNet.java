package dev.gatewatch.probes.nativenet;

import java.util.Optional;
import java.util.Set;

/** Whether this machine and this process have what the package needs. */
public final class NativeNet {
    /** Whose numbers and layouts are those of Linux' generic headers. */
    private static final Set<String> KNOWN = Set.of("amd64", "x86_64", "aarch64", "riscv64");

    private static final Optional<String> MISSING =
            missing(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));

    private NativeNet() {}

    /** What is missing, as a sentence for an operator; empty where native sockets can be had. */
    public static Optional<String> missing() {
        return MISSING;
    }

    static Optional<String> missing(String system, String machine) {
        if (!system.equals("Linux")) {
            return Optional.of("needs Linux; this is " + system);
        }
        if (!KNOWN.contains(machine)) {
            return Optional.of("needs an x86-64, aarch64 or riscv64 machine; this is " + machine);
        }
        try {
            return Libc.is64Bit() ? Optional.empty() : Optional.of("needs a 64-bit Java runtime");
        } catch (IllegalCallerException | ExceptionInInitializerError | NoClassDefFoundError _) {
            return Optional.of("needs native access: start Java with --enable-native-access=ALL-UNNAMED");
        }
    }
}
