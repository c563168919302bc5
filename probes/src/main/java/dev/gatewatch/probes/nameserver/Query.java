package dev.gatewatch.probes.nameserver;

import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A question and its flags (RFC 1035 section 4.1.1, RFC 4035, RFC 6891). Immutable.
 *
 * @param name complete
 * @param type a number of {@link Type}
 * @param dclass a number of {@link DClass}
 * @param recursion whether the server is to ask others (RD)
 * @param checkingDisabled whether it is to answer what it holds for forged, too (CD)
 * @param dnssecOk whether signatures are wanted (DO); only with {@code edns}
 * @param edns whether to say that larger datagrams are understood
 */
public record Query(
        Name name, int type, int dclass, boolean recursion, boolean checkingDisabled, boolean dnssecOk, boolean edns) {
    /** What fits into any path's packets (DNS Flag Day 2020), so that answers are never fragments, which are easily forged. */
    private static final int PAYLOAD = 1_232;

    /** The usual question of an application. */
    public static Query of(Name name, int type) {
        return new Query(name, type, DClass.IN, true, false, false, true);
    }

    /** The same for the server's own knowledge only, as name servers are asked by resolvers. */
    public Query direct() {
        return new Query(name, type, dclass, false, checkingDisabled, dnssecOk, edns);
    }

    /** The same for what is there with its signatures, whether or not they hold. */
    public Query unchecked() {
        return new Query(name, type, dclass, recursion, true, true, true);
    }

    /** The same in the form of 1987. */
    Query plain() {
        return new Query(name, type, dclass, recursion, checkingDisabled, false, false);
    }

    Record question() {
        return Record.newRecord(name, type, dclass);
    }

    Message message(int id) {
        var message = new Message(id);
        if (recursion) {
            message.getHeader().setFlag(Flags.RD);
        }
        if (checkingDisabled) {
            message.getHeader().setFlag(Flags.CD);
        }
        message.addRecord(question(), Section.QUESTION);
        if (edns) {
            // that we understand AD in the answer (RFC 6840 section 5.7)
            message.getHeader().setFlag(Flags.AD);
            message.addRecord(new OPTRecord(PAYLOAD, 0, 0, dnssecOk ? ExtendedFlags.DO : 0), Section.ADDITIONAL);
        }
        return message;
    }

    /** For messages: {@code A gateway.example.com}. */
    @Override
    public String toString() {
        String kind = dclass == DClass.IN ? "" : DClass.string(dclass) + " ";
        return kind + Type.string(type) + " " + name.toString(true);
    }
}
