package dev.gatewatch.probes.tcp;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.net.UnixSocket;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a tcp probe connects to. Immutable. */
sealed interface TcpTarget {
    String UNIX = "unix:";

    /** Longest path of a socket that Linux takes (sun_path less its ending zero). */
    int LONGEST_PATH = 107;

    ValueType<TcpTarget> TYPE = Types.scalar(
            "host:port, or unix:/path of a socket", Map.of("type", "string"), TcpTarget::parse);

    /** The host to look for in a certificate. */
    String host();

    /** A port of a host, by name or address. */
    record Net(HostPort at) implements TcpTarget {
        @Override
        public String host() {
            return at.host();
        }

        @Override
        public String toString() {
            return at.toString();
        }
    }

    /** A Unix domain socket of this machine. */
    record Unix(Path path) implements TcpTarget {
        @Override
        public String host() {
            return UnixSocket.HOST;
        }

        @Override
        public String toString() {
            return UNIX + path;
        }
    }

    private static Optional<TcpTarget> parse(String text) {
        if (!text.startsWith(UNIX)) {
            return HostPort.parse(text, 0).map(Net::new);
        }
        try {
            Path path = Path.of(text.substring(UNIX.length()));
            return path.isAbsolute() && path.toString().length() <= LONGEST_PATH
                    ? Optional.of(new Unix(path))
                    : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
