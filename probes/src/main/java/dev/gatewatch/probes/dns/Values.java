package dev.gatewatch.probes.dns;

import dev.gatewatch.probes.nameserver.RecordText;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What an answer says of the type that was asked for. Pure functions. */
final class Values {
    private static final int LONGEST_LIST = 300;

    private Values() {}

    /** The values in the form in which equal ones are equal text, aliases followed; sorted. */
    static NavigableSet<String> of(Message answer, int type) {
        var values = new TreeSet<String>();
        records(answer, type).forEach(r -> values.add(RecordText.value(r)));
        return Collections.unmodifiableNavigableSet(values);
    }

    /** Where the name leads by an alias, in an answer that says nothing more: as the authority of one zone says of a name in another. */
    static Optional<String> bareAlias(Message answer, int type) {
        if (!records(answer, type).isEmpty()) {
            return Optional.empty();
        }
        return answer.getSection(Section.ANSWER).stream()
                .filter(CNAMERecord.class::isInstance)
                .reduce((_, last) -> last)
                .map(RecordText::value);
    }

    static List<Record> records(Message answer, int type) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(r -> r.getType() == type || type == Type.ANY)
                .toList();
    }

    static List<InetAddress> addresses(Message answer, int type) {
        return records(answer, type).stream()
                .flatMap(r -> switch (r) {
                    case ARecord a -> Stream.of(a.getAddress());
                    case AAAARecord aaaa -> Stream.of(aaaa.getAddress());
                    default -> Stream.<InetAddress>empty();
                })
                .toList();
    }

    /** For messages: at most {@value #LONGEST_LIST} characters. */
    static String list(java.util.Collection<String> values) {
        if (values.isEmpty()) {
            return "nothing";
        }
        String all = String.join(", ", values);
        return all.length() <= LONGEST_LIST ? all : all.substring(0, LONGEST_LIST) + "…";
    }
}
