package dev.gatewatch.probes.dns;

import dev.gatewatch.probe.Cause;
import java.time.Duration;
import java.util.Set;
import org.xbill.DNS.Message;

/** What came back from one resolver. */
sealed interface Reply {
    /** Whom we asked. */
    ResolverAddress from();

    Duration took();

    /**
     * A message that answers our question.
     *
     * @param values the asked type's values, canonical and sorted
     */
    record Answer(ResolverAddress from, Duration took, Message message, Set<String> values) implements Reply {}

    /** No usable message. */
    record Silence(ResolverAddress from, Duration took, Cause cause, String why) implements Reply {}
}
