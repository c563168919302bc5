package dev.gatewatch.probes.nameserver;

import java.io.IOException;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/** What a packet from a peer is, in the light of the question. */
sealed interface Packet {
    /** The longest DNS message: its length is 16 bits wherever it is written. */
    int LONGEST = 65_535;

    /** To our question. */
    record Fitting(Message message) implements Packet {}

    /** To somebody's, or to nobody's: whoever sent it did not see our question, or did not care. */
    record Foreign(String why) implements Packet {}

    /** Carries our id and cannot be read. */
    record Garbled(String why) implements Packet {}

    /**
     * Reads a packet. What is left of a truncated one counts as fitting; only its flag may be looked at.
     *
     * @param asked the question as it was sent
     */
    static Packet read(byte[] bytes, Message asked) {
        if (bytes.length < 12) {
            return new Foreign("a packet of " + bytes.length + " bytes, which is too short for DNS");
        }
        int id = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
        if (id != asked.getHeader().getID()) {
            return new Foreign("an answer with a wrong id");
        }
        if ((bytes[2] & 0x80) == 0) {
            return new Foreign("a question instead of an answer");
        }
        try {
            var message = new Message(bytes);
            Record question = message.getQuestion();
            if (question == null ? !mayLackQuestion(message) : !asked.getQuestion().equals(question)) {
                return new Foreign("an answer to another question");
            }
            return new Fitting(message);
        } catch (IOException | RuntimeException e) { // the parser's own slips on hostile input, too
            return new Garbled(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    /** Servers that did not understand a question need not repeat it (RFC 1035 section 4.1.1). */
    private static boolean mayLackQuestion(Message message) {
        int rcode = message.getHeader().getRcode();
        return message.getHeader().getFlag(Flags.TC) || (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN);
    }
}
