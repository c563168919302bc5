package dev.gatewatch.probes.nameserver;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Records as text for people, comparison and expressions. Pure functions. */
public final class RecordText {
    private RecordText() {}

    /** The record as a line of a zone file, parted by tabs: {@code example.com. 60 IN A 203.0.113.10}. */
    public static String line(Record record) {
        return record.getName() + "\t" + record.getTTL() + "\t" + DClass.string(record.getDClass()) + "\t"
                + Type.string(record.getType()) + "\t" + data(record);
    }

    /** The lines of a section without the pseudo-records of EDNS and signatures of messages. */
    public static List<String> lines(Message message, int section) {
        return records(message, section).stream().map(RecordText::line).toList();
    }

    /** The records of a section without the pseudo-records of EDNS and signatures of messages. */
    public static List<Record> records(Message message, int section) {
        return message.getSection(section).stream()
                .filter(r -> r.getType() != Type.OPT && r.getType() != Type.TSIG)
                .toList();
    }

    /** The record's data as in a zone file; IPv6 addresses in their shortest form, each text in quotes. */
    public static String data(Record record) {
        return switch (record) {
            case AAAARecord aaaa -> address(aaaa.getAddress());
            case TXTRecord txt -> txt.getStrings().stream().map(s -> '"' + s + '"').collect(Collectors.joining(" "));
            default -> record.rdataToString();
        };
    }

    /** The record's data in the form in which equal ones are equal text: names and addresses as {@link #canonical}, texts joined. */
    public static String value(Record record) {
        return record instanceof TXTRecord txt ? String.join("", txt.getStrings()) : canonical(data(record));
    }

    /** Addresses in their shortest form, names in lower case without the last dot, anything of several words as it is. */
    public static String canonical(String value) {
        if (value.indexOf(' ') >= 0) {
            return value;
        }
        if (value.indexOf(':') >= 0) {
            try {
                return address(InetAddress.ofLiteral(value));
            } catch (IllegalArgumentException _) {
                return value;
            }
        }
        String name = value.toLowerCase(Locale.ROOT);
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** An address as RFC 5952 writes it: {@code 2001:db8::1}. */
    public static String address(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1; // a single zero stays as it is
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        return start < 0
                ? joined(groups, 0, 8)
                : joined(groups, 0, start) + "::" + joined(groups, start + length, 8);
    }

    private static String joined(int[] groups, int from, int to) {
        return java.util.stream.IntStream.range(from, to)
                .mapToObj(i -> Integer.toHexString(groups[i]))
                .collect(Collectors.joining(":"));
    }
}
