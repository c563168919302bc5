package dev.gatewatch.backtest;

import dev.gatewatch.alerting.replay.AnyType;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Series;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who plays which part: finds each series of the history in the configurations, and puts together those that have to be judged together.
 * Confined to the reading thread.
 */
final class Cast {
    /** A history with more is none of probes. */
    private static final int MOST = 100_000;

    private static final int MOST_NAMED = 20;
    private static final String TYPE = "http";

    private final Setup setup;
    private final boolean together;
    private final Stage stage;

    /** By probe: the name that stands for all that depend on each other. */
    private final Map<String, String> families;

    private final Map<Series, Member> members = new LinkedHashMap<>();
    private final Map<Family, Circle> circles = new LinkedHashMap<>();
    private final Set<String> leftOut = new TreeSet<>();
    private final Map<String, AnyType> types = new HashMap<>();

    private record Family(String name, String location) {}

    /** @param together whether all series are judged as one */
    Cast(Setup setup, boolean together, Stage stage) {
        this.setup = setup;
        this.together = together;
        this.stage = stage;
        this.families = families(setup.sides().stream().map(Setup.Side::plan).toList());
    }

    Member member(String probe, String region, String location, String type, Map<String, String> labels, String place) {
        Series series = named(probe, region, location.isEmpty() ? setup.sides().getFirst().location() : location);
        Member known = members.get(series);
        if (known != null) {
            return known;
        }
        if (members.size() >= MOST) {
            throw new Unusable(place + ": there are more than " + MOST + " series; is \"" + probe + "\" the name of a probe?");
        }
        Member made = make(series, type, labels, place);
        members.put(series, made);
        return made;
    }

    /** The series of this name, or the one that probes what bears this name: other monitors name their series after targets. */
    private Series named(String probe, String region, String location) {
        List<Series> targets = families.containsKey(probe)
                ? List.of()
                : setup.sides().getFirst().plan().probes().values().stream()
                        .filter(spec -> spec.probe().target().equals(probe))
                        .map(ProbeSpec::series)
                        .toList();
        return targets.size() == 1
                ? new Series(targets.getFirst().probe(), targets.getFirst().region(), location)
                : new Series(probe, region, location);
    }

    private Member make(Series series, String type, Map<String, String> labels, String place) {
        List<Optional<ProbeSpec>> configured =
                setup.sides().stream().map(side -> find(side.plan(), series)).toList();
        boolean found = configured.stream().allMatch(Optional::isEmpty);
        boolean judged = !found
                || setup.unknown() == Setup.Unknown.JUDGED
                || setup.sides().stream().allMatch(side -> side.plan().probes().isEmpty());
        if (!judged && setup.unknown() == Setup.Unknown.REFUSED) {
            throw new Unusable(place + ": " + missing(series));
        }
        if (!judged) {
            leftOut.add(series.display());
        }
        Optional<ProbeSpec> spec = configured.stream().flatMap(Optional::stream).findFirst();
        return new Member(
                series,
                spec.<ProbeType>map(ProbeSpec::type)
                        .orElseGet(() -> types.computeIfAbsent(type.isEmpty() ? TYPE : type, AnyType::of)),
                spec.map(s -> s.probe().target()).orElse(series.display()),
                labels,
                configured,
                judged ? circle(series) : null);
    }

    private Circle circle(Series series) {
        var family = together
                ? new Family("", "")
                : new Family(families.getOrDefault(series.probe(), series.probe()), series.location());
        Circle known = circles.get(family);
        if (known != null) {
            return known;
        }
        List<List<ProbeSpec>> specs = setup.sides().stream()
                .map(side -> side.plan().probes().values().stream()
                        .filter(spec -> together
                                || families.getOrDefault(spec.series().probe(), "").equals(family.name()))
                        .map(spec -> together ? spec : at(spec, series.location()))
                        .toList())
                .toList();
        var made = new Circle(setup, specs, stage, circles.size() % setup.workers());
        circles.put(family, made);
        return made;
    }

    /** A probe and region, wherever it is run from. */
    private static Optional<ProbeSpec> find(Plan plan, Series series) {
        return plan.find(series).or(() -> plan.probes().values().stream()
                .filter(spec -> spec.series().probe().equals(series.probe())
                        && spec.series().region().equals(series.region()))
                .findFirst()
                .map(spec -> at(spec, series.location())));
    }

    private static ProbeSpec at(ProbeSpec spec, String location) {
        Series series = spec.series();
        return series.location().equals(location)
                ? spec
                : new ProbeSpec(
                        new Series(series.probe(), series.region(), location),
                        spec.type(),
                        spec.labels(),
                        spec.interval(),
                        spec.timeout(),
                        spec.probe(),
                        spec.fingerprint(),
                        spec.zone(),
                        spec.dependsOn());
    }

    private String missing(Series series) {
        List<Series> all = setup.sides().stream()
                .flatMap(side -> side.plan().probes().keySet().stream())
                .toList();
        List<String> regions = all.stream()
                .filter(s -> s.probe().equals(series.probe()))
                .map(Series::region)
                .distinct()
                .toList();
        String what;
        if (regions.isEmpty()) {
            Set<String> names = new LinkedHashSet<>(all.stream().map(Series::probe).toList());
            what = "the configuration has no probe \"" + shortened(series.probe()) + "\""
                    + Suggestions.didYouMean(series.probe(), names).map(hint -> ", " + hint).orElse("");
        } else if (series.region().isEmpty()) {
            what = "the probe \"" + series.probe() + "\" has regions in the configuration (" + String.join(", ", regions)
                    + "), and the history does not say which (a column region)";
        } else if (regions.equals(List.of(""))) {
            what = "the probe \"" + series.probe() + "\" has no regions in the configuration, and one here: \"" + shortened(series.region()) + "\"";
        } else {
            what = "the probe \"" + series.probe() + "\" has no region \"" + shortened(series.region()) + "\" in the configuration; it has "
                    + String.join(", ", regions);
        }
        return what + " (--probes-from-data judges such series by the rules that select them, --skip-unknown leaves them out)";
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    /** Which probes belong together: all that one depends on, or that depend on it. */
    private static Map<String, String> families(Collection<Plan> plans) {
        var family = new HashMap<String, String>();
        for (Plan plan : plans) {
            for (ProbeSpec spec : plan.probes().values()) {
                String own = family.computeIfAbsent(spec.series().probe(), name -> name);
                for (String parent : spec.dependsOn()) {
                    String other = family.computeIfAbsent(parent, name -> name);
                    String joined = own;
                    family.replaceAll((_, name) -> name.equals(other) ? joined : name);
                }
            }
        }
        return family;
    }

    /** All series that came, in the order in which they did. */
    List<Member> members() {
        return List.copyOf(members.values());
    }

    /** What a person should know of the series. */
    List<String> notes() {
        var notes = new ArrayList<String>();
        if (!leftOut.isEmpty()) {
            notes.add(leftOut.size() + " series are in no configuration and were left out: " + named(leftOut));
        }
        var silent = new TreeSet<String>();
        Set<String> seen = new TreeSet<>(members.keySet().stream().map(Series::display).toList());
        setup.sides().stream()
                .flatMap(side -> side.plan().probes().keySet().stream())
                .map(Series::display)
                .filter(name -> !seen.contains(name))
                .forEach(silent::add);
        if (!silent.isEmpty()) {
            notes.add(silent.size() + " configured series have no runs in the history: " + named(silent));
        }
        return notes;
    }

    private static String named(Set<String> names) {
        return String.join(", ", names.stream().limit(MOST_NAMED).map(Cast::shortened).toList())
                + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
    }
}
