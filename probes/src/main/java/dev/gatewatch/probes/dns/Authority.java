package dev.gatewatch.probes.dns;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.nameserver.Access;
import dev.gatewatch.probes.nameserver.Asking;
import dev.gatewatch.probes.nameserver.NameServer;
import dev.gatewatch.probes.nameserver.Query;
import dev.gatewatch.probes.nameserver.Rcodes;
import dev.gatewatch.probes.nameserver.Reply;
import dev.gatewatch.probes.nameserver.ServerResolver;
import dev.gatewatch.probes.nameserver.Together;
import dev.gatewatch.probes.nameserver.Transport;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Finds the zone of a name and its name servers through a resolver, and asks each of them directly. Confined to one run. */
final class Authority {
    /** More are not asked; the root and the largest domains have 13. */
    private static final int MOST_SERVERS = 20;

    /** Labels to go up at most; a name has 127, and no zone in use is that deep below its parent. */
    private static final int MOST_STEPS = 16;

    /**
     * What one name server answers.
     *
     * @param reply to the question
     * @param soa to the question for its version of the zone
     */
    record Direct(NameServer server, Reply reply, Reply soa) {}

    /**
     * What was found. Immutable.
     *
     * @param zone absent with a failure
     */
    record Found(Optional<Name> zone, List<Direct> servers, Optional<Failure> failure) {
        static final Found NOT_ASKED = new Found(Optional.empty(), List.of(), Optional.empty());
    }

    private final NameServer resolver;
    private final Access access;
    private final Transport transport;
    private final int port;
    private final Deadline deadline;
    private final Clock clock;

    /**
     * A search.
     *
     * @param resolver knows the zone's name servers
     * @param port where name servers listen
     */
    Authority(NameServer resolver, Access access, Transport transport, int port, Deadline deadline, Clock clock) {
        this.resolver = resolver;
        this.access = access;
        this.transport = transport;
        this.port = port;
        this.deadline = deadline;
        this.clock = clock;
    }

    Found ask(Query query) throws InterruptedIOException {
        Optional<Name> zone = Optional.empty();
        try {
            zone = Optional.of(zone(query));
            return new Found(zone, askEach(zone.get(), servers(zone.get()), query), Optional.empty());
        } catch (NotFound e) {
            return new Found(zone, List.of(), Optional.of(e.failure));
        }
    }

    /** The lowest name at or above the asked one that has an SOA record. */
    private Name zone(Query query) throws NotFound, InterruptedIOException {
        // a DS record is in the zone above the name (RFC 4035 section 3.1.4.1)
        Name at = query.type() == Type.DS && query.name().labels() > 1 ? new Name(query.name(), 1) : query.name();
        for (int step = 0; step < MOST_STEPS; step++) {
            Name here = at;
            Message answer = lookUp(here, Type.SOA);
            boolean apex = answer.getSection(Section.ANSWER).stream()
                    .anyMatch(r -> r instanceof SOARecord && r.getName().equals(here));
            if (apex) {
                return here;
            }
            Optional<Name> above = answer.getSection(Section.AUTHORITY).stream()
                    .filter(r -> r instanceof SOARecord && here.subdomain(r.getName()))
                    .map(Record::getName)
                    .findFirst();
            if (above.isPresent() && answer.getSection(Section.ANSWER).isEmpty()) {
                return above.get();
            }
            if (here.labels() <= 1) {
                break;
            }
            at = new Name(here, 1);
        }
        throw new NotFound(Cause.DNS_MISMATCH, "resolver " + resolver + " knows no zone that " + query.name().toString(true) + " is in");
    }

    private List<Name> servers(Name zone) throws NotFound, InterruptedIOException {
        List<Name> names = lookUp(zone, Type.NS).getSection(Section.ANSWER).stream()
                .filter(r -> r instanceof NSRecord && r.getName().equals(zone))
                .map(r -> ((NSRecord) r).getTarget())
                .distinct()
                .sorted()
                .limit(MOST_SERVERS)
                .toList();
        if (names.isEmpty()) {
            throw new NotFound(Cause.DNS_MISMATCH, "resolver " + resolver + " knows no name server of zone " + zone.toString(true));
        }
        return names;
    }

    /** What the resolver has, whether or not it holds it for forged: signatures are another check's matter. */
    private Message lookUp(Name name, int type) throws NotFound, InterruptedIOException {
        var query = new Query(name, type, DClass.IN, true, true, false, true);
        return switch (Asking.ask(resolver, query, access, deadline, clock.instant())) {
            case Reply.Silence silence -> throw new NotFound(
                    silence.failure().cause(),
                    "the name servers cannot be found out: resolver " + resolver + ": " + silence.failure().message());
            case Reply.Answer answer -> {
                int rcode = answer.message().getRcode();
                if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
                    throw new NotFound(
                            Rcodes.cause(answer.message()),
                            "the name servers cannot be found out: resolver " + resolver + " answers " + Rcode.string(rcode) + " for "
                                    + query);
                }
                yield answer.message();
            }
        };
    }

    private List<Direct> askEach(Name zone, List<Name> names, Query query) throws InterruptedIOException {
        Access direct = access.by(new ServerResolver(resolver, access, clock));
        var tasks = new ArrayList<Callable<Direct>>();
        for (Name name : names) {
            NameServer server = NameServer.udp(name.toString(true), port).over(transport);
            tasks.add(() -> new Direct(
                    server,
                    Asking.ask(server, query.direct(), direct, deadline, clock.instant()),
                    Asking.ask(server, Query.of(zone, Type.SOA).direct(), direct, deadline, clock.instant())));
        }
        return Together.all(tasks);
    }

    private static final class NotFound extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        NotFound(Cause cause, String message) {
            super(message, null, false, false);
            this.failure = new Failure(cause, message);
        }
    }
}
