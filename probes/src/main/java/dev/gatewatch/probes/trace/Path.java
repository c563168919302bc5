package dev.gatewatch.probes.trace;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path as far as it is known. Immutable.
 *
 * @param to where it leads
 * @param hops in order without gaps, up to the last that is of interest
 * @param complete whether the trace has ended
 * @param age since the trace began
 */
public record Path(InetAddress to, List<Hop> hops, boolean complete, Duration age) {
    /** A router seen so often is passed in circles; twice may be two paths of unequal length. */
    private static final int LOOPS = 3;

    /** A trace that is older than any can last was made for an earlier run. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    public Path {
        hops = List.copyOf(hops);
    }

    /** Whether there is anything to tell. */
    public boolean known() {
        return !hops.isEmpty();
    }

    /** The last router or host that answered: {@code hop 3 (10.0.2.1)}. */
    public Optional<String> lastAnswer() {
        return hops.reversed().stream()
                .filter(hop -> hop.answer() != Hop.Answer.SILENT)
                .findFirst()
                .map(Path::named);
    }

    /**
     * Why packets cannot get there, where a router says so itself or sends them in circles; to complete "the route is broken: ". That
     * hops are silent says nothing: many routers and firewalls are.
     */
    public Optional<String> broken() {
        return unreachable().or(this::loop);
    }

    private Optional<String> unreachable() {
        return hops.stream()
                .filter(hop -> hop.answer() == Hop.Answer.UNREACHABLE)
                // this machine itself, or the target, is not a router on the way
                .filter(hop -> hop.from().isPresent() && !hop.from().get().equals(to))
                .findFirst()
                .map(hop -> named(hop) + " " + hop.note());
    }

    private Optional<String> loop() {
        Map<InetAddress, Integer> seen = new HashMap<>();
        Optional<InetAddress> before = Optional.empty();
        for (Hop hop : hops) {
            if (hop.answer() == Hop.Answer.PASSED && hop.from().isPresent() && !hop.from().equals(before)) {
                InetAddress router = hop.from().get();
                if (seen.merge(router, 1, Integer::sum) >= LOOPS) {
                    return Optional.of("packets go in circles through " + named(hop));
                }
                before = hop.from();
            }
        }
        return Optional.empty();
    }

    private static String named(Hop hop) {
        return hop.from().isPresent() ? "hop " + hop.number() + " (" + hop.who() + ")" : "hop " + hop.number();
    }

    /** The listing, a line for each hop, silent ones in a row together. */
    public String listing() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < hops.size(); i++) {
            int first = i;
            while (silent(i) && silent(i + 1)) {
                i++;
            }
            lines.add(first == i ? hops.get(i).line() : hops.get(first).number() + "-" + hops.get(i).line());
        }
        lines.add(lastAnswer().map(hop -> "last that answered: " + hop).orElse("no hop answered"));
        if (!complete) {
            lines.add("(the run ended before the trace did)");
        } else if (age.compareTo(FRESH) > 0) {
            lines.add("(traced " + age.toSeconds() + " s before, for an earlier run)");
        }
        return String.join("\n", lines);
    }

    private boolean silent(int i) {
        return i < hops.size() && hops.get(i).answer() == Hop.Answer.SILENT;
    }
}
