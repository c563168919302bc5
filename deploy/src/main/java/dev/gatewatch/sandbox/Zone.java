package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.NameMissing;
import dev.gatewatch.sandbox.Effect.NameServersFail;
import dev.gatewatch.sandbox.Effect.Switch;
import dev.gatewatch.sandbox.Effect.WrongAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** What the sandbox's name servers know: the zone {@code sandbox.test}. Immutable but for the faults that are on. */
final class Zone {
    static final String GATEWAY = "gateway.sandbox.test";

    /** Short, so that whoever caches notices a fault soon. */
    private static final long TTL_SECONDS = 2;

    private static final Name APEX = name("sandbox.test.");
    private static final Name GATEWAY_NAME = name(GATEWAY + ".");
    private static final Record SOA = new SOARecord(
            APEX,
            DClass.IN,
            TTL_SECONDS,
            name("ns1.sandbox.test."),
            name("hostmaster.sandbox.test."),
            2_026_010_101,
            3600,
            600,
            86_400,
            TTL_SECONDS);
    private static final List<Record> RECORDS = List.of(
            SOA,
            new NSRecord(APEX, DClass.IN, TTL_SECONDS, name("ns1.sandbox.test.")),
            new NSRecord(APEX, DClass.IN, TTL_SECONDS, name("ns2.sandbox.test.")),
            new TXTRecord(APEX, DClass.IN, TTL_SECONDS, "the payment sandbox of gatewatch demo"),
            address(name("ns1.sandbox.test."), Loopback.ADDRESS),
            address(name("ns2.sandbox.test."), Loopback.ADDRESS),
            address(GATEWAY_NAME, Loopback.ADDRESS),
            address(name("eu." + GATEWAY + "."), Loopback.ADDRESS),
            address(name("ap." + GATEWAY + "."), Loopback.ADDRESS));

    /** Which of the two name servers is asked. */
    enum View {
        /** The resolver next door, whose cache can be poisoned. */
        LOCAL,
        /** One far away that tells the truth. */
        PUBLIC
    }

    private final World world;

    Zone(World world) {
        this.world = world;
    }

    /** The reply to a query; nothing where the servers are silent. */
    Optional<Message> answer(Message query, View view) {
        return world.on(Switch.NAME_SERVERS_SILENT) ? Optional.empty() : Optional.of(reply(query, view));
    }

    private Message reply(Message query, View view) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setOpcode(query.getHeader().getOpcode());
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        Record question = query.getQuestion();
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            reply.getHeader().setRcode(Rcode.NOTIMP);
        } else if (question == null) {
            reply.getHeader().setRcode(Rcode.FORMERR);
        } else {
            reply.addRecord(question, Section.QUESTION);
            answer(question, view, reply);
        }
        return reply;
    }

    private void answer(Record question, View view, Message reply) {
        Name name = question.getName();
        if (!name.subdomain(APEX) || question.getDClass() != DClass.IN) {
            reply.getHeader().setRcode(Rcode.REFUSED);
            return;
        }
        if (world.on(Switch.NAME_SERVERS_REFUSE)) {
            reply.getHeader().setRcode(Rcode.REFUSED);
            return;
        }
        if (world.latest(NameServersFail.class).isPresent()) {
            reply.getHeader().setRcode(Rcode.SERVFAIL);
            return;
        }
        reply.getHeader().setFlag(Flags.AA);
        boolean missing = name.equals(GATEWAY_NAME) && world.latest(NameMissing.class).isPresent();
        List<Record> here = missing
                ? List.of()
                : records(view).stream().filter(r -> r.getName().equals(name)).toList();
        boolean bare = name.equals(GATEWAY_NAME) && world.on(Switch.NAME_WITHOUT_ADDRESS);
        List<Record> found = here.stream()
                .filter(_ -> !bare)
                .filter(r -> question.getType() == Type.ANY || r.getType() == question.getType())
                .toList();
        found.forEach(r -> reply.addRecord(r, Section.ANSWER));
        if (found.isEmpty()) { // RFC 2308: the SOA says how long the "no" may be kept
            reply.addRecord(SOA, Section.AUTHORITY);
            reply.getHeader().setRcode(here.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR);
        }
    }

    private List<Record> records(View view) {
        Optional<WrongAddress> wrong =
                view == View.LOCAL ? world.latest(WrongAddress.class) : Optional.empty();
        if (wrong.isEmpty()) {
            return RECORDS;
        }
        Record lie = address(GATEWAY_NAME, literal(wrong.get().address()));
        return RECORDS.stream()
                .map(r -> r.getType() == Type.A && r.getName().equals(GATEWAY_NAME) ? lie : r)
                .toList();
    }

    private static Record address(Name name, InetAddress address) {
        return new ARecord(name, DClass.IN, TTL_SECONDS, address);
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByAddress(org.xbill.DNS.Address.toByteArray(address, org.xbill.DNS.Address.IPv4));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IPv4 address: " + address, e);
        }
    }

    private static Name name(String absolute) {
        try {
            return Name.fromString(absolute);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(absolute, e);
        }
    }
}
