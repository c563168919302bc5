package dev.gatewatch.probes.net;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Evidence;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses that names led to when they last did, for the moment when they do not any more: is the name broken, or the host behind
 * it too? Kept in memory only, for the names asked for most lately. Safe for many threads.
 */
public final class LastAddresses {
    private static final int MOST_HOSTS = 4_096;
    private static final int MOST_ADDRESSES = 16;

    /** What a connection attempt may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Left to the run for its report. */
    private static final Duration MARGIN = Duration.ofMillis(30);

    private static final LastAddresses SHARED = new LastAddresses(MOST_HOSTS);

    private final Map<String, List<InetAddress>> known;

    LastAddresses(int mostHosts) {
        this.known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, List<InetAddress>> eldest) {
                return size() > mostHosts;
            }
        });
    }

    /** Those of this process. */
    public static LastAddresses shared() {
        return SHARED;
    }

    /** Keeps what a name led to; an address written as such is not a name. */
    public void remember(String host, List<InetAddress> addresses) {
        boolean literal = addresses.size() == 1 && isLiteral(host);
        if (!literal && !addresses.isEmpty()) {
            known.put(key(host), List.copyOf(addresses.subList(0, Math.min(addresses.size(), MOST_ADDRESSES))));
        }
    }

    /** Puts the address that took a connection before the others of its name. */
    public void connected(String host, InetAddress address) {
        known.computeIfPresent(key(host), (_, all) -> {
            if (all.getFirst().equals(address) || !all.contains(address)) {
                return all;
            }
            var sorted = new java.util.ArrayList<>(all);
            sorted.remove(address);
            sorted.addFirst(address);
            return List.copyOf(sorted);
        });
    }

    /** What the name led to last; empty where it is not known to have led anywhere. */
    public List<InetAddress> of(String host) {
        List<InetAddress> addresses = known.get(key(host));
        return addresses == null ? List.of() : addresses;
    }

    /**
     * How long a lookup may take so that the last address can still be tried after it: all of the time where none is known.
     */
    public Deadline lookup(String host, Deadline deadline) {
        if (of(host).isEmpty()) {
            return deadline;
        }
        Duration left = deadline.left();
        Duration kept = shorter(PATIENCE, left.dividedBy(5));
        return Deadline.after(left.minus(kept));
    }

    /**
     * Tries one connection to the last address after a lookup failed.
     *
     * @param family which addresses the probe would use
     * @return what to say about it; nothing where no address is known, allowed, or time is up
     * @throws InterruptedIOException when the calling thread was interrupted
     */
    public Optional<Tried> tryAfter(HostPort target, IpFamily family, TargetPolicy policy, Deadline deadline)
            throws InterruptedIOException {
        Optional<InetAddress> last = family.pick(of(target.host())).stream().findFirst();
        Duration time = shorter(PATIENCE, deadline.left().minus(MARGIN));
        if (last.isEmpty() || time.toMillis() < 1) {
            return Optional.empty();
        }
        var to = new InetSocketAddress(last.get(), target.port());
        if (policy.refuses(target.host(), to).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(attempt(to, time));
    }

    private static Tried attempt(InetSocketAddress to, Duration time) throws InterruptedIOException {
        String address = to.getAddress().getHostAddress();
        try (var socket = new Socket()) {
            socket.connect(to, Math.max(1, (int) time.toMillis()));
            return new Tried(
                    "; its last known address " + address + " still takes connections on port " + to.getPort()
                            + ", so the name is what is broken",
                    new Evidence("last known address", NetFailures.show(to) + " takes connections"));
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while connecting to " + NetFailures.show(to));
            }
            return new Tried(
                    "; its last known address " + address + " does not take connections on port " + to.getPort() + " either",
                    new Evidence(
                            "last known address", NetFailures.connect(e, to, time).message()));
        }
    }

    /**
     * What became of the attempt. Immutable.
     *
     * @param clause to append to the lookup's message
     */
    public record Tried(String clause, Evidence evidence) {}

    private static boolean isLiteral(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String key(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
