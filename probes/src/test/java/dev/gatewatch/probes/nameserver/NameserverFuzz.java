package dev.gatewatch.probes.nameserver;

import dev.gatewatch.probes.fuzz.Target;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers of name servers. */
public final class NameserverFuzz {
    private NameserverFuzz() {}

    public static List<Target> targets() throws Exception {
        Name name = Name.fromString("pay.example.");
        Message asked = Query.of(name, Type.A).message(0x1234);
        var answer = new Message(0x1234);
        answer.getHeader().setFlag(0);
        answer.addRecord(asked.getQuestion(), Section.QUESTION);
        for (String line : List.of(
                "pay.example. CNAME a.example.", "a.example. A 192.0.2.1", "a.example. AAAA 2001:db8::1", "a.example. TXT \"x\" \"y\"",
                "a.example. MX 10 m.example.", "a.example. SOA n. h. 1 2 3 4 5", "a.example. SRV 1 2 3 s.example.",
                "a.example. CAA 0 issue \"ca.example\"", "a.example. SVCB 1 . alpn=h2,h3 port=443 ipv4hint=192.0.2.1",
                "a.example. DS 1 8 2 " + "AB".repeat(32), "a.example. TLSA 3 1 1 " + "AB".repeat(32), "a.example. LOC 1 0 0 N 1 0 0 E 1m",
                "a.example. NAPTR 1 1 \"s\" \"SIP\" \"\" s.example.",
                "a.example. RRSIG A 8 2 300 20300101000000 20200101000000 1 example. AAAA")) {
            String[] parts = line.split(" ", 3);
            answer.addRecord(
                    Record.fromString(
                            Name.fromString(parts[0]), Type.value(parts[1]), org.xbill.DNS.DClass.IN, 300, parts[2], Name.root),
                    Section.ANSWER);
        }
        byte[] loop = {0x12, 0x34, (byte) 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xc0, 12, 0, 1, 0, 1};
        return List.of(Target.of("dns-answer", bytes -> answer(bytes, asked, name), answer.toWire(), loop));
    }

    private static void answer(byte[] bytes, Message asked, Name name) {
        if (bytes.length > 2) { // others are forgeries and not looked at
            bytes[0] = 0x12;
            bytes[1] = 0x34;
            bytes[2] |= (byte) 0x80;
        }
        if (Packet.read(bytes, asked) instanceof Packet.Fitting(var message)) {
            Aliases.end(message, name).ifPresent(end -> Aliases.records(message, end, Type.A)
                    .forEach(r -> RecordText.canonical(RecordText.value(r))));
            for (int section = Section.QUESTION; section <= Section.ADDITIONAL; section++) {
                RecordText.lines(message, section);
            }
        }
    }
}
