package dev.gatewatch.probes.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One attempt to connect to one address: a connection or a failure.
 *
 * @param connection to be closed by who asked for it
 * @param failure why there is no connection
 * @param took how long the attempt lasted; zero where none was made
 */
public record Attempt(
        InetSocketAddress to, Optional<Connection> connection, Optional<Failure> failure, Duration took) {
    static Attempt failed(InetSocketAddress to, Failure failure, Duration took) {
        return new Attempt(to, Optional.empty(), Optional.of(failure), took);
    }
}
