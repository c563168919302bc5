package dev.gatewatch.probes.trace;

import dev.gatewatch.probes.nativenet.Errno;
import dev.gatewatch.probes.nativenet.Family;
import dev.gatewatch.probes.nativenet.NativeException;
import dev.gatewatch.probes.nativenet.NativeSocket;
import dev.gatewatch.probes.nativenet.SocketError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Optional;

/**
 * One packet to a target that may take only so many hops, and who answers that its hops are used up. Needs no privilege. Pure
 * functions, but for the network.
 *
 * <p>The packet is a TCP connection attempt to the very port that a run failed to connect to: it takes the path and passes the filters
 * that the run's own did, and goes nowhere that the target policy has not allowed. Linux before 5.18 does not say who answered a
 * connection attempt; a UDP packet to the same port is asked about then.
 */
final class HopProbe {
    private HopProbe() {}

    static Hop tcp(InetSocketAddress to, int number, Duration atMost) throws IOException {
        long start = System.nanoTime();
        try (NativeSocket socket = NativeSocket.open(NativeSocket.Kind.TCP, Family.of(to.getAddress()))) {
            socket.hopLimit(number);
            if (!socket.connect(to) && !socket.awaitConnected(atMost)) {
                return Hop.silent(number);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            Optional<SocketError> error = socket.receiveError();
            if (error.isPresent()) {
                return hop(number, error.get(), took, to);
            }
            int errno = socket.pendingError();
            if (errno == 0 || errno == Errno.ECONNREFUSED) {
                return reached(number, took, to);
            }
            return errno == Errno.EHOSTUNREACH || errno == Errno.ENETUNREACH
                    ? udp(to, number, atMost.minus(took))
                    : Hop.silent(number);
        } catch (NativeException e) {
            return refusedHere(e, number);
        }
    }

    static Hop udp(InetSocketAddress to, int number, Duration atMost) throws IOException {
        long start = System.nanoTime();
        try (NativeSocket socket = NativeSocket.open(NativeSocket.Kind.UDP, Family.of(to.getAddress()))) {
            socket.hopLimit(number);
            socket.connect(to);
            socket.send(new byte[1]);
            if (!socket.awaitReadable(atMost)) {
                return Hop.silent(number);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            Optional<SocketError> error = socket.receiveError();
            return error.isPresent() ? hop(number, error.get(), took, to) : reached(number, took, to);
        } catch (NativeException e) {
            return refusedHere(e, number);
        }
    }

    private static Hop reached(int number, Duration took, InetSocketAddress to) {
        return new Hop(number, Hop.Answer.REACHED, Optional.of(to.getAddress()), took, "");
    }

    private static Hop hop(int number, SocketError error, Duration took, InetSocketAddress to) throws IOException {
        Optional<InetAddress> from = error.from();
        boolean here = from.isEmpty() || NetworkInterface.getByInetAddress(from.get()) != null;
        return switch (error.answer()) {
            case EXPIRED -> new Hop(number, Hop.Answer.PASSED, from, took, "");
            case REFUSED -> reached(number, took, to);
            case PROHIBITED -> new Hop(number, Hop.Answer.PROHIBITED, from, took, error.words());
            // this machine answers itself for a neighbour that does not
            case UNREACHABLE ->
                new Hop(
                        number,
                        Hop.Answer.UNREACHABLE,
                        here ? Optional.empty() : from,
                        took,
                        here ? "this machine cannot reach the next hop" : error.words());
            case TOO_BIG, OTHER -> new Hop(number, Hop.Answer.PASSED, from, took, "");
        };
    }

    /** A failed call: this machine has no route, or may not. */
    private static Hop refusedHere(NativeException e, int number) {
        return e.errno() == Errno.ENETUNREACH || e.errno() == Errno.EHOSTUNREACH
                ? new Hop(number, Hop.Answer.UNREACHABLE, Optional.empty(), Duration.ZERO, "this machine has no route")
                : Hop.silent(number);
    }
}
