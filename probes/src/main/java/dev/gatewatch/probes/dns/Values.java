package dev.gatewatch.probes.dns;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.Address;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

/** The values in an answer, in a form in which equal ones are equal text. */
final class Values {
    private Values() {}

    /** The values of the records of the asked type, aliases followed; sorted. */
    static Set<String> of(Message answer, int type) {
        var values = new TreeSet<String>();
        for (Record record : records(answer, type)) {
            values.add(record instanceof TXTRecord txt
                    ? String.join("", txt.getStrings())
                    : canonical(record.rdataToString()));
        }
        return values;
    }

    static List<Record> records(Message answer, int type) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(r -> r.getType() == type || type == org.xbill.DNS.Type.ANY)
                .toList();
    }

    /** Addresses in their shortest form, names in lower case without the last dot, anything else as it is. */
    static String canonical(String value) {
        if (value.indexOf(' ') >= 0) {
            return value;
        }
        byte[] v6 = value.indexOf(':') >= 0 ? Address.toByteArray(value, Address.IPv6) : null;
        if (v6 != null) {
            return inet(v6);
        }
        String name = value.toLowerCase(Locale.ROOT);
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static String inet(byte[] bytes) {
        try {
            return java.net.InetAddress.getByAddress(bytes).getHostAddress();
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
