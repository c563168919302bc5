package dev.gatewatch.probes.nameserver;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.UnresolvedException;
import dev.gatewatch.probes.tls.TlsRun;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.ResolverConfig;

/**
 * Asks one name server one question: finds its addresses, asks the first that answers, over TCP where the answer is truncated, without
 * EDNS where that is not understood. Confined to one thread.
 */
public final class Asking {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final NameServer server;
    private final Access access;
    private final Instant now;
    private final Stopwatch watch = new Stopwatch();
    private Optional<InetSocketAddress> last = Optional.empty();

    private Asking(NameServer server, Access access, Instant now) {
        this.server = server;
        this.access = access;
        this.now = now;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param now when to judge certificates for
     * @throws InterruptedIOException when the calling thread was interrupted
     */
    public static Reply ask(NameServer server, Query query, Access access, Deadline deadline, Instant now)
            throws InterruptedIOException {
        return new Asking(server, access, now).ask(query, deadline);
    }

    private Reply ask(Query query, Deadline deadline) throws InterruptedIOException {
        try {
            List<InetSocketAddress> addresses = reachable(addresses(deadline));
            for (int i = 0; ; i++) {
                boolean lastOne = i + 1 == addresses.size();
                try {
                    // an equal part of what is left, so that one silent address does not use up the time of all
                    Deadline share = lastOne ? deadline : Deadline.after(deadline.left().dividedBy(addresses.size() - i));
                    return ask(addresses.get(i), query, share);
                } catch (NoReply e) {
                    if (lastOne || deadline.passed() || !e.worthAnotherAddress()) {
                        throw e;
                    }
                }
            }
        } catch (NoReply e) {
            return new Reply.Silence(server, last, watch.total(), e.failure());
        }
    }

    private Reply ask(InetSocketAddress to, Query query, Deadline deadline) throws NoReply, InterruptedIOException {
        if (!server.isSystem()) {
            Optional<Failure> refused =
                    access.policy().refuses(server.address().orElseThrow().host(), to);
            if (refused.isPresent()) {
                throw new NoReply(refused.get());
            }
        }
        last = Optional.of(to);
        // nobody but the server reads the id of a question over HTTPS; zero lets caches answer (RFC 8484 section 4.1)
        Message asked = query.message(server.transport() == Transport.HTTPS ? 0 : RANDOM.nextInt(1 << 16));
        Exchange exchange = send(server.transport(), to, asked, deadline);
        boolean truncated = exchange.message().getHeader().getFlag(Flags.TC) && server.transport() == Transport.UDP;
        if (truncated) {
            exchange = wholeOverTcp(to, asked, deadline);
        }
        if (exchange.message().getHeader().getFlag(Flags.TC)) {
            throw new NoReply(Cause.DNS_MISMATCH, "its answer is cut off, even where it has room");
        }
        if (query.edns() && !query.dnssecOk() && ednsNotUnderstood(exchange.message())) {
            return ask(to, query.plain(), deadline);
        }
        return new Reply.Answer(
                server,
                to,
                exchange.timing(),
                exchange.message(),
                truncated,
                exchange.repeated(),
                exchange.ignored());
    }

    private Exchange wholeOverTcp(InetSocketAddress to, Message asked, Deadline deadline)
            throws NoReply, InterruptedIOException {
        try {
            return send(Transport.TCP, to, asked, deadline);
        } catch (NoReply e) {
            throw new NoReply(
                    e.failure().cause(),
                    "its answer is truncated, and it cannot be had over TCP: " + e.failure().message());
        }
    }

    private Exchange send(Transport transport, InetSocketAddress to, Message asked, Deadline deadline)
            throws NoReply, InterruptedIOException {
        String host = server.address().map(HostPort::host).orElseGet(() -> to.getAddress().getHostAddress());
        return switch (transport) {
            case UDP -> UdpExchange.ask(to, access.source(), asked, deadline, watch);
            case TCP -> StreamExchange.ask(to, host, access.source(), Optional.empty(), asked, deadline, watch);
            case TLS -> StreamExchange.ask(to, host, access.source(), Optional.of(tls(host)), asked, deadline, watch);
            case HTTPS -> HttpsExchange.ask(server, to, access.source(), tls(host), asked, deadline, watch);
        };
    }

    private TlsRun tls(String host) {
        TlsSettings all = access.tls();
        TlsSettings named = server.tlsName().isEmpty()
                ? all
                : new TlsSettings(
                        all.trust(), all.identity(), server.tlsName(), all.insecure(), all.minVersion(), all.maxVersion());
        return named.begin(host, now);
    }

    /** Servers older than EDNS answer so, without an OPT record of their own (RFC 6891 section 7). */
    private static boolean ednsNotUnderstood(Message answer) {
        int rcode = answer.getHeader().getRcode();
        return answer.getOPT() == null && (rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP);
    }

    /** Those of the family of the address that we send from. */
    private List<InetSocketAddress> reachable(List<InetSocketAddress> addresses) throws NoReply {
        if (access.source().isEmpty()) {
            return addresses;
        }
        InetAddress source = access.source().get();
        List<InetSocketAddress> same = addresses.stream()
                .filter(a -> a.getAddress().getAddress().length == source.getAddress().length)
                .toList();
        if (same.isEmpty()) {
            throw new NoReply(
                    Cause.LOCAL_NETWORK,
                    "it cannot be asked from " + source.getHostAddress() + ", as it has no address of the same family");
        }
        return same;
    }

    private List<InetSocketAddress> addresses(Deadline deadline) throws NoReply, InterruptedIOException {
        if (server.isSystem()) {
            return systemAddresses();
        }
        HostPort at = server.address().orElseThrow();
        watch.start();
        try {
            List<InetAddress> found = access.family().pick(access.resolver().resolve(at.host(), deadline).addresses());
            if (found.isEmpty()) {
                throw new NoReply(
                        Cause.DNS_NO_ADDRESS,
                        "the name server's own name " + at.host() + " has no " + access.family().wanted() + " address");
            }
            return found.stream().map(a -> new InetSocketAddress(a, at.port())).toList();
        } catch (UnresolvedException e) {
            throw new NoReply(
                    e.failure().cause(), "the name server's own name does not resolve: " + e.failure().message());
        } finally {
            watch.resolved();
        }
    }

    /** Read anew each time, at little cost, since a lease may change them. */
    private static List<InetSocketAddress> systemAddresses() throws NoReply {
        ResolverConfig.refresh();
        List<InetSocketAddress> found = ResolverConfig.getCurrentConfig().servers();
        if (found.isEmpty()) {
            throw new NoReply(Cause.LOCAL_NETWORK, "this machine has no name server configured");
        }
        return found;
    }

}
