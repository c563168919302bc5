package dev.gatewatch.probes.net;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;

/**
 * Names the cause of a failed lookup, connect, or read. The JDK tells most of them apart only in the exception's message, which is the
 * system's own text in English; what is not recognised gets the step's most general cause. Pure functions.
 */
public final class NetFailures {
    /** glibc says the same for SERVFAIL and for silence; it waits 5 s for a silent server and answers SERVFAIL at once. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private NetFailures() {}

    /**
     * Why the system's resolver gave no address (messages of {@code gai_strerror(3)}).
     *
     * @param took how long the lookup took
     */
    public static Failure resolve(UnknownHostException e, String host, Duration took) {
        if (e instanceof UnresolvedException known) {
            return known.failure();
        }
        String text = text(e);
        if (text.contains("no address associated")) {
            return new Failure(Cause.DNS_NO_ADDRESS, host + " exists and has no address");
        }
        if (text.contains("temporary failure") && took.compareTo(SILENCE) >= 0) {
            return new Failure(
                    Cause.DNS_TIMEOUT,
                    "no answer for " + host + " from the system's resolvers within " + Durations.format(took));
        }
        if (text.contains("temporary failure") || text.contains("non-recoverable failure")) {
            return new Failure(Cause.DNS_SERVFAIL, "the system's resolver failed to resolve " + host);
        }
        return new Failure(Cause.DNS_NXDOMAIN, "the name " + host + " does not exist");
    }

    /**
     * Why a connection was not made.
     *
     * @param to the address tried
     * @param waited how long the attempt lasted
     */
    public static Failure connect(IOException e, InetSocketAddress to, Duration waited) {
        String at = show(to);
        String text = text(e);
        if (text.contains("connection refused")) {
            return new Failure(Cause.CONNECT_REFUSED, at + " refused the connection: nothing listens on the port");
        }
        if (text.contains("network is unreachable") || text.contains("no route to host")) {
            return new Failure(Cause.CONNECT_UNREACHABLE, "there is no route to " + at);
        }
        if (text.contains("connection reset")) {
            return new Failure(Cause.CONNECTION_RESET, at + " cut the connection while it was being made");
        }
        if (text.contains("cannot assign requested address")) {
            return new Failure(
                    Cause.LOCAL_NETWORK, "this machine has no free port or no address to reach " + at + " from");
        }
        if (text.contains("permission denied") || text.contains("operation not permitted")) {
            return new Failure(Cause.NO_PERMISSION, "this machine does not let us connect to " + at);
        }
        if (text.contains("too many open files")) {
            return new Failure(Cause.INTERNAL_ERROR, "this process has too many open files to connect to " + at);
        }
        return new Failure(
                Cause.CONNECT_TIMEOUT, at + " did not answer the connection attempt within " + Durations.format(waited));
    }

    /**
     * Why an established connection ended or stayed silent.
     *
     * @param doing what was being done, to complete "… while ": {@code waiting for the greeting}
     */
    public static Failure read(IOException e, String doing, Duration waited) {
        String text = text(e);
        if (e instanceof SocketTimeoutException || text.contains("timed out")) {
            return new Failure(
                    Cause.RESPONSE_TIMEOUT, "nothing came within " + Durations.format(waited) + " while " + doing);
        }
        if (e instanceof EOFException) {
            return new Failure(Cause.CONNECTION_RESET, "the peer closed the connection while " + doing);
        }
        return new Failure(Cause.CONNECTION_RESET, "the peer cut the connection while " + doing);
    }

    /** An address as people write it: {@code 192.0.2.1:443}, {@code [2001:db8::1]:443}. */
    public static String show(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** All messages of an exception and its causes, in lower case: libraries wrap the system's text in their own. */
    private static String text(Throwable e) {
        var all = new StringBuilder();
        Throwable at = e;
        for (int depth = 0; at != null && depth < 10; depth++) {
            all.append(at.getMessage()).append('\n');
            at = at.getCause();
        }
        return all.toString().toLowerCase(Locale.ROOT);
    }
}
