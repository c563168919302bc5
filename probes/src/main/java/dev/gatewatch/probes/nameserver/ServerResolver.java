package dev.gatewatch.probes.nameserver;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.UnresolvedException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Finds addresses by asking one name server, instead of the machine's own resolver: A and AAAA at the same time, aliases followed,
 * nothing cached, {@code /etc/hosts} and search domains not looked at. Immutable, safe for many threads.
 */
public final class ServerResolver implements Resolver {
    /** A chain that leads over so many answers leads nowhere. */
    private static final int MOST_ANSWERS = 8;

    private final NameServer server;
    private final Access access;
    private final Clock clock;

    /**
     * A resolver that asks this server.
     *
     * @param clock when to judge the server's certificate for, where it has one
     */
    public ServerResolver(NameServer server, Access access, Clock clock) {
        this.server = server;
        this.access = access;
        this.clock = clock;
    }

    @Override
    public Resolved resolve(String host, Deadline deadline) throws UnresolvedException, InterruptedIOException {
        try {
            return new Resolved(List.of(InetAddress.ofLiteral(host)), Duration.ZERO);
        } catch (IllegalArgumentException _) {
            // a name
        }
        long start = System.nanoTime();
        Name name = name(host);
        if (isLocalhost(host)) {
            return new Resolved(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")), Duration.ZERO);
        }
        List<Found> both = Together.all(List.<Callable<Found>>of(
                () -> find(name, Type.A, deadline), () -> find(name, Type.AAAA, deadline)));
        List<InetAddress> addresses =
                both.stream().flatMap(f -> f.addresses().stream()).toList();
        if (addresses.isEmpty()) {
            throw new UnresolvedException(both.stream()
                    .flatMap(f -> f.failure().stream())
                    .findFirst()
                    .orElseGet(() -> new Failure(
                            Cause.DNS_NO_ADDRESS, host + " exists and has no address, says name server " + server)));
        }
        return new Resolved(addresses, Duration.ofNanos(System.nanoTime() - start));
    }

    /** The addresses of one family; none without failure where the name exists and has none. */
    private record Found(List<InetAddress> addresses, Optional<Failure> failure) {
        static Found failed(Cause cause, String message) {
            return new Found(List.of(), Optional.of(new Failure(cause, message)));
        }
    }

    private Found find(Name name, int type, Deadline deadline) throws InterruptedIOException {
        Set<Name> asked = new HashSet<>();
        Name at = name;
        while (asked.size() < MOST_ANSWERS && asked.add(at)) {
            Reply reply = Asking.ask(server, Query.of(at, type), access, deadline, clock.instant());
            switch (reply) {
                case Reply.Silence silence -> {
                    return Found.failed(
                            silence.failure().cause(),
                            "name server " + server + " asked for " + shown(name) + ": " + silence.failure().message());
                }
                case Reply.Answer answer -> {
                    Message message = answer.message();
                    if (message.getRcode() != Rcode.NOERROR) {
                        return refused(name, message);
                    }
                    Optional<Name> end = Aliases.end(message, at);
                    if (end.isEmpty()) {
                        return circle(name);
                    }
                    List<Record> records = Aliases.records(message, end.get(), type);
                    if (!records.isEmpty() || end.get().equals(at)) {
                        return new Found(addresses(records), Optional.empty());
                    }
                    at = end.get();
                }
            }
        }
        return circle(name);
    }

    private Found circle(Name name) {
        return Found.failed(Cause.DNS_SERVFAIL, "the aliases (CNAME) of " + shown(name) + " lead nowhere, says name server " + server);
    }

    private Found refused(Name name, Message message) {
        String reason = Rcodes.reason(message).map(r -> " (" + r + ")").orElse("");
        String what = switch (message.getRcode()) {
            case Rcode.NXDOMAIN -> "the name " + shown(name) + " does not exist, says name server " + server;
            case Rcode.REFUSED -> "name server " + server + " refuses to answer for " + shown(name);
            default -> "name server " + server + " failed to resolve " + shown(name) + " (" + Rcode.string(message.getRcode()) + ")";
        };
        return Found.failed(Rcodes.cause(message), what + reason);
    }

    private static List<InetAddress> addresses(List<Record> records) {
        return records.stream()
                .flatMap(r -> switch (r) {
                    case ARecord a -> Stream.of(a.getAddress());
                    case AAAARecord aaaa -> Stream.of(aaaa.getAddress());
                    default -> Stream.<InetAddress>empty();
                })
                .toList();
    }

    private static Name name(String host) throws UnresolvedException {
        try {
            return Name.fromString(host, Name.root);
        } catch (TextParseException e) {
            throw new UnresolvedException(new Failure(Cause.DNS_NXDOMAIN, host + " cannot be a name: " + e.getMessage()));
        }
    }

    /** Such questions belong to no name server (RFC 6761 section 6.3). */
    private static boolean isLocalhost(String host) {
        String plain = host.toLowerCase(Locale.ROOT);
        plain = plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
        return plain.equals("localhost") || plain.endsWith(".localhost");
    }

    private static String shown(Name name) {
        return name.toString(true);
    }

    @Override
    public String toString() {
        return server.toString();
    }
}
