package dev.gatewatch.probes.trace;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What a packet found that was allowed so many hops. Immutable.
 *
 * @param number from 1, the router next to us
 * @param from who answered; empty where nobody did, or the system does not say
 * @param took until the answer came
 * @param note what was said, for an answer that ends the path; otherwise empty
 */
record Hop(int number, Answer answer, Optional<InetAddress> from, Duration took, String note) {
    enum Answer {
        /** Nobody answered in time. */
        SILENT,
        /** A router on the way. */
        PASSED,
        /** The target itself. */
        REACHED,
        /** A router, or this machine, says that there is no way on. */
        UNREACHABLE,
        /** A filter on the way says that it does not let the packet pass. */
        PROHIBITED
    }

    static Hop silent(int number) {
        return new Hop(number, Answer.SILENT, Optional.empty(), Duration.ZERO, "");
    }

    /** Whether packets that are allowed more hops get no further. */
    boolean last() {
        return answer == Answer.REACHED || answer == Answer.UNREACHABLE || answer == Answer.PROHIBITED;
    }

    String who() {
        return from.map(InetAddress::getHostAddress).orElse("(not named)");
    }

    /** A line of the listing: {@code 3 10.0.2.1 0.8 ms has no route to the network}. */
    String line() {
        if (answer == Answer.SILENT) {
            return number + " no answer";
        }
        String line = String.format(Locale.ROOT, "%d %s %.1f ms", number, who(), took.toNanos() / 1e6);
        return answer == Answer.REACHED ? line + " (the target)" : note.isEmpty() ? line : line + " " + note;
    }
}
