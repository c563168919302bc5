package dev.gatewatch.probes.nameserver;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** The chain of aliases (RFC 1034 section 3.6.2) within one answer. Pure functions. */
final class Aliases {
    private Aliases() {}

    /** Where the aliases lead from a name: the name itself without any; nothing where they go in a circle. */
    static Optional<Name> end(Message answer, Name from) {
        Set<Name> passed = new HashSet<>();
        Name at = from;
        while (passed.add(at)) {
            Optional<Name> next = next(answer, at);
            if (next.isEmpty()) {
                return Optional.of(at);
            }
            at = next.get();
        }
        return Optional.empty();
    }

    private static Optional<Name> next(Message answer, Name at) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(r -> r instanceof CNAMERecord && r.getName().equals(at))
                .map(r -> ((CNAMERecord) r).getTarget())
                .findFirst();
    }

    /** The records of a name and type; what else a server put into its answer is not believed. */
    static List<Record> records(Message answer, Name owner, int type) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(r -> r.getType() == type && r.getName().equals(owner))
                .toList();
    }
}
