package dev.gatewatch.engine;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Node.Fields;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes the specs of one item of the {@code probes} list. Immutable but for what {@code made} does. */
final class ProbeReader {
    private final SortedMap<String, ProbeType> types;
    private final Key<String> typeKey;
    private final String location;
    private final ProbeDefaults defaults;
    private final Consumer<Probe> made;
    private final Dependencies dependencies;

    ProbeReader(
            SortedMap<String, ProbeType> types,
            Key<String> typeKey,
            String location,
            ProbeDefaults defaults,
            Consumer<Probe> made,
            Dependencies dependencies) {
        this.types = types;
        this.typeKey = typeKey;
        this.location = location;
        this.defaults = defaults;
        this.made = made;
        this.dependencies = dependencies;
    }

    /** What a probe becomes in one region. */
    private record Variant(String region, Fields fields) {}

    /** The specs of this probe, one for each region; fewer where problems were told. */
    ConfiguredProbes read(Fields probe, Reading reading) {
        Optional<ProbeType> type = type(probe, reading);
        if (type.isEmpty()) {
            for (Key<?> key : ProbeKeys.common()) {
                Node value = probe.fields().get(key.name());
                if (value != null) {
                    key.type().read(value, reading);
                }
            }
            return ConfiguredProbes.NONE;
        }
        var specs = new ArrayList<ProbeSpec>();
        // what all regions share is wrong in each of them: every problem is collected first and told once
        var problems = new ArrayList<Problem>();
        for (Variant variant : variants(probe, type.get(), reading)) {
            var own = reading.part();
            section(type.get(), variant, own).read(variant.fields(), own).ifPresent(specs::add);
            reading.sources().add(own.sources());
            problems.addAll(own.problems().list());
        }
        problems.stream().distinct().forEach(reading.problems()::add);
        boolean off = probe.fields().get(ProbeKeys.ENABLED.name()) instanceof Node.Scalar s && s.text().equals("false");
        return off ? new ConfiguredProbes(List.of(), specs) : new ConfiguredProbes(specs, List.of());
    }

    private Optional<ProbeType> type(Fields probe, Reading reading) {
        Node written = probe.fields().get(typeKey.name());
        if (written == null) {
            reading.problems().error(probe, "missing key \"type\" (one of " + known() + ")");
            return Optional.empty();
        }
        if (!(written instanceof Node.Scalar word)) {
            reading.problems().error(written, "expected a type of probe, found " + written.kind());
            return Optional.empty();
        }
        ProbeType type = types.get(word.text());
        if (type == null) {
            String near = Suggestions.didYouMean(word.text(), types.keySet())
                    .map(hint -> hint + " (known: " + known() + ")")
                    .orElse("known: " + known());
            reading.problems().error(word, "no type of probe is called " + word.shown(), near);
        }
        return Optional.ofNullable(type);
    }

    private String known() {
        return String.join(", ", types.keySet());
    }

    private List<Variant> variants(Fields probe, ProbeType type, Reading reading) {
        Node regions = probe.fields().get(ProbeKeys.REGIONS.name());
        if (regions == null) {
            return List.of(new Variant("", probe));
        }
        String endpoint = type.endpoint().name();
        Node beside = probe.fields().get(endpoint);
        if (beside != null) {
            reading.problems()
                    .add(new Problem(
                            Problem.Severity.ERROR,
                            probe.keyPlace(endpoint),
                            beside.path(),
                            "\"" + endpoint + "\" makes no sense beside \"regions\", which say it for each region",
                            Optional.of("remove one of them")));
        }
        if (!(regions instanceof Fields byName) || byName.fields().isEmpty()) {
            reading.problems()
                    .error(regions, "expected a mapping of region names to " + endpoint + ", found " + (regions instanceof Fields ? "none" : regions.kind()));
            return List.of();
        }
        var variants = new ArrayList<Variant>();
        byName.fields().forEach((region, value) -> {
            var named = new Node.Scalar(byName.keyPlace(region), value.path(), region, Node.Tag.TEXT, false);
            if (Types.name().read(named, reading).isPresent()) {
                variant(probe, type, region, value, reading).ifPresent(variants::add);
            }
        });
        return variants;
    }

    private Optional<Variant> variant(Fields probe, ProbeType type, String region, Node value, Reading reading) {
        String endpoint = type.endpoint().name();
        Map<String, Node> over = value instanceof Fields mapping ? mapping.fields() : Map.of(endpoint, value);
        if (value instanceof Fields mapping) {
            for (String key : over.keySet()) {
                if (keysOfRegions(type).noneMatch(key::equals)) {
                    boolean common = commonKeys().stream().anyMatch(k -> k.name().equals(key));
                    reading.problems()
                            .add(new Problem(
                                    Problem.Severity.ERROR,
                                    mapping.keyPlace(key),
                                    over.get(key).path(),
                                    common ? "\"" + key + "\" is the same in all regions" : "unknown key \"" + key + "\"",
                                    common ? Optional.of("write it beside \"regions\"") : Suggestions.didYouMean(key, keysOfRegions(type).toList())));
                }
            }
            if (!over.containsKey(endpoint)) {
                reading.problems()
                        .error(mapping, "missing key \"" + endpoint + "\" (" + type.endpoint().type().describe() + ")");
            }
        }
        return over.containsKey(endpoint) && keysOfRegions(type).toList().containsAll(over.keySet())
                ? Optional.of(new Variant(region, probe.with(over, List.of(ProbeKeys.REGIONS.name(), endpoint))))
                : Optional.empty();
    }

    private List<Key<?>> commonKeys() {
        var keys = new ArrayList<Key<?>>(ProbeKeys.common());
        keys.add(typeKey);
        return keys;
    }

    /** What may differ between regions. */
    private static Stream<String> keysOfRegions(ProbeType type) {
        return Stream.concat(type.keys().stream(), Stream.of(ProbeKeys.TIME_ZONE)).map(Key::name);
    }

    private SectionType<ProbeSpec> section(ProbeType type, Variant variant, Reading reading) {
        var keys = commonKeys();
        keys.addAll(type.keys());
        return SectionType.of(type.name(), keys, section -> spec(type, variant, section, reading));
    }

    private ProbeSpec spec(ProbeType type, Variant variant, Section section, Reading reading) {
        Duration interval = section.find(ProbeKeys.INTERVAL).orElse(defaults.interval());
        Duration timeout = section.find(ProbeKeys.TIMEOUT)
                .orElse(defaults.timeout().compareTo(interval) < 0 ? defaults.timeout() : interval);
        if (timeout.compareTo(interval) > 0) {
            section.problem(
                    ProbeKeys.TIMEOUT,
                    "the time-out " + Durations.format(timeout) + " is longer than the interval "
                            + Durations.format(interval)
                            + (section.has(ProbeKeys.INTERVAL) ? "" : " of the defaults"));
        }
        var labels = new LinkedHashMap<>(defaults.labels());
        section.find(ProbeKeys.LABELS).ifPresent(labels::putAll);
        refuseTakenLabels(type, labels.keySet(), section);
        var series = new Series(section.get(ProbeKeys.NAME), variant.region(), location);
        dependencies.note(series.probe(), section.get(Dependencies.KEY), section.at(Dependencies.KEY));
        var own = variant.fields().with(Map.of(), commonKeys().stream().map(Key::name).toList());
        Probe probe = type.create(section);
        made.accept(probe);
        var fingerprint = new Fingerprint();
        // what probes share is a part of each: one that went on with the old token client or policy would be wrong
        reading.shared().origins().forEach(origin -> fingerprint.add(origin.written()).add(origin.files()));
        fingerprint
                .add(type.name())
                .add(interval.toString())
                .add(timeout.toString())
                .add(new java.util.TreeMap<>(labels))
                .add(own)
                .add(reading.sources().states());
        return new ProbeSpec(
                series,
                type,
                labels,
                interval,
                timeout,
                probe,
                fingerprint.text(),
                section.find(ProbeKeys.TIME_ZONE).or(defaults::zone),
                Set.of());
    }

    /** A label of the same name as one of an info metric's would hide it. */
    private static void refuseTakenLabels(ProbeType type, Set<String> labels, Section section) {
        Fields written = section.at(ProbeKeys.LABELS) instanceof Fields fields ? fields : section.node();
        for (FactSpec fact : type.facts()) {
            for (String taken : fact.labels()) {
                if (labels.contains(taken)) {
                    section.reading()
                            .problems()
                            .add(new Problem(
                                    Problem.Severity.ERROR,
                                    written.keyPlace(taken),
                                    written.path() + (section.has(ProbeKeys.LABELS) ? "." + taken : ""),
                                    "the label name \"" + taken + "\" is used by the metric "
                                            + fact.metric().orElse(fact.name()),
                                    Optional.of("choose another")));
                }
            }
        }
    }
}
