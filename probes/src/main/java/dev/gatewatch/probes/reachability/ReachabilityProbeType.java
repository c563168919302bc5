package dev.gatewatch.probes.reachability;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** {@code type: reachability}: what can be connected to from here, and what must not be. */
public final class ReachabilityProbeType implements ProbeType {
    static final String OPEN = "open";
    static final String CONNECT_SECONDS = "connect_seconds";
    static final String STATE = "state";
    static final String PATHS = "paths";
    static final String UNEXPECTEDLY_OPEN = "unexpectedly_open";
    static final String RESOLVE_PHASE = "resolve";
    static final String CONNECT_PHASE = "connect";

    /** Which addresses of a name that must connect have to. */
    enum Addresses {
        ALL,
        ANY
    }

    private static final Key<List<Target>> MUST_CONNECT = Key.withDefault(
            "must_connect",
            Types.oneOrMore(Target.MUST_CONNECT),
            List.of(),
            "[]",
            "Targets that must take a TCP connection from here.");
    private static final Key<List<Target>> MUST_NOT_CONNECT = Key.withDefault(
            "must_not_connect",
            Types.oneOrMore(Target.MUST_NOT_CONNECT),
            List.of(),
            "[]",
            "Targets that must not take a connection from here, on any address of theirs. Both lists together may stand for at most "
                    + Destinations.MOST + " paths.");
    private static final Key<Addresses> ADDRESSES = Key.withDefault(
            "addresses",
            Types.oneOf(Addresses.class),
            Addresses.ALL,
            "all",
            "Of a name that must connect: whether all of its addresses have to, or any one. At most 16 of a name are tried.");
    private static final Key<Duration> WAIT = Key.withDefault(
            "wait",
            Types.duration(Duration.ofMillis(10), Duration.ofMinutes(5)),
            Duration.ofSeconds(2),
            "2s",
            "How long an attempt that nothing answers lasts before it counts as dropped; less where the timeout leaves less.");
    private static final Key<Integer> AT_ONCE = Key.withDefault(
            "at_once", Types.integer(1, 256), 64, "64", "How many attempts are under way at once at the most.");

    @Override
    public String name() {
        return "reachability";
    }

    @Override
    public String description() {
        return "Tries from here which targets take a connection, and holds that to lists of those that must and those that must not.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(
                MUST_CONNECT, MUST_NOT_CONNECT, ADDRESSES, WAIT, AT_ONCE, IpFamily.KEY, Connector.SOURCE_ADDRESS);
    }

    @Override
    public Key<?> endpoint() {
        return MUST_CONNECT;
    }

    @Override
    public List<FactSpec> facts() {
        return List.of(
                FactSpec.family(
                        OPEN,
                        "probe_reachability_open",
                        "path",
                        "Whether this path connects; absent where that could not be tried."),
                FactSpec.family(
                        CONNECT_SECONDS,
                        "probe_reachability_connect_seconds",
                        "path",
                        "Seconds that connecting took on this path, the longest of its addresses; absent where none connected."),
                new FactSpec(
                        STATE,
                        "What became of this path: open, refused, dropped, unreachable, blocked (by this machine), unresolved or"
                                + " unknown.",
                        Optional.empty(),
                        List.of("path"),
                        List.of(),
                        true),
                FactSpec.gauge(PATHS, "probe_reachability_paths", "How many paths there are."),
                FactSpec.gauge(
                        UNEXPECTEDLY_OPEN,
                        "probe_reachability_unexpectedly_open",
                        "How many paths connect that must not."));
    }

    @Override
    public List<String> phases() {
        return List.of(RESOLVE_PHASE, CONNECT_PHASE);
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_reachability_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        var paths = new ArrayList<Path>();
        section.get(MUST_CONNECT).forEach(target -> paths.addAll(target.paths()));
        section.get(MUST_NOT_CONNECT).forEach(target -> paths.addAll(target.paths()));
        if (paths.isEmpty()) {
            section.problem(MUST_CONNECT, "must_connect or must_not_connect has to name a target, or there is nothing to try");
        }
        if (paths.size() > Destinations.MOST) {
            section.problem(
                    MUST_NOT_CONNECT,
                    "the lists stand for " + paths.size() + " paths, more than " + Destinations.MOST
                            + "; make several probes of them");
        }
        var names = new HashSet<String>();
        for (Path path : paths) {
            if (!names.add(path.name())) {
                section.problem(
                        path.mustConnect() ? MUST_CONNECT : MUST_NOT_CONNECT,
                        "the path " + path.name() + " stands twice; give one of them another name, or remove it");
                break;
            }
        }
        return new ReachabilityProbe(
                Connector.of(section, section.get(IpFamily.KEY)).from(section.find(Connector.SOURCE_ADDRESS)),
                paths,
                section.get(WAIT),
                section.get(AT_ONCE),
                section.get(ADDRESSES) == Addresses.ALL);
    }
}
