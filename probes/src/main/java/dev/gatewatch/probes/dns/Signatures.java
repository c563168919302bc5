package dev.gatewatch.probes.dns;

import dev.gatewatch.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * When the signatures of sets of records begin and end (RFC 4034 section 3.1.5). Of several signatures on one set, as while keys are
 * changed, the one that lasts longest counts. Immutable.
 */
final class Signatures {
    static final Signatures NONE = new Signatures(List.of());

    /**
     * The signature of one set of records.
     *
     * @param covered the type of the records
     */
    record Signature(Name owner, int covered, Name signer, Instant begins, Instant ends) {
        boolean expired(Instant now) {
            return ends.isBefore(now);
        }

        boolean early(Instant now) {
            return begins.isAfter(now);
        }

        /** For messages: {@code the signature of A pay.example}. */
        String named() {
            return "the signature of " + Type.string(covered) + " " + owner.toString(true);
        }

        String whenEnded(Instant now) {
            return named() + " expired " + about(Duration.between(ends, now)) + " ago, at " + shown(ends);
        }

        String whenBegins(Instant now) {
            return named() + " begins only in " + about(Duration.between(now, begins)) + ", at " + shown(begins);
        }

        static String shown(Instant at) {
            return at.truncatedTo(ChronoUnit.SECONDS).toString();
        }
    }

    private final List<Signature> all;

    private Signatures(Collection<Signature> all) {
        this.all = List.copyOf(all);
    }

    /** Those in the messages' answer and authority sections. */
    static Signatures of(Collection<Message> messages) {
        record Covered(Name owner, int covered, Name signer) {}
        Map<Covered, Signature> latest = new HashMap<>();
        for (Message message : messages) {
            for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
                for (Record record : message.getSection(section)) {
                    if (record instanceof RRSIGRecord sig) {
                        latest.merge(
                                new Covered(sig.getName(), sig.getTypeCovered(), sig.getSigner()),
                                new Signature(
                                        sig.getName(), sig.getTypeCovered(), sig.getSigner(), sig.getTimeSigned(), sig.getExpire()),
                                (one, other) -> one.ends().isBefore(other.ends()) ? other : one);
                    }
                }
            }
        }
        return new Signatures(latest.values());
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Those that the zones of these made, whatever they cover. */
    Signatures sameSigners(Signatures other) {
        Set<Name> signers = other.all.stream().map(Signature::signer).collect(Collectors.toSet());
        return new Signatures(all.stream().filter(s -> signers.contains(s.signer())).toList());
    }

    /** The one that ends first. */
    Optional<Signature> first() {
        return all.stream().min(Comparator.comparing(Signature::ends));
    }

    /** What is wrong with their times, of the one that is wrong the longest. */
    Optional<String> fault(Instant now) {
        return first().filter(s -> s.expired(now))
                .map(s -> s.whenEnded(now))
                .or(() -> all.stream()
                        .filter(s -> s.early(now))
                        .max(Comparator.comparing(Signature::begins))
                        .map(s -> s.whenBegins(now)));
    }

    /** In whole units that people say: {@code 3d}, {@code 5h}. */
    static String about(Duration duration) {
        if (duration.toDays() >= 2) {
            return duration.toDays() + " days";
        }
        return Durations.format(duration.truncatedTo(duration.toHours() >= 1 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS));
    }
}
