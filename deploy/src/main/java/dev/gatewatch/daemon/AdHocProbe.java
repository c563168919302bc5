package dev.gatewatch.daemon;

import dev.gatewatch.config.Nodes;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.engine.ProbeDefaults;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.engine.ProbesSection;
import dev.gatewatch.probe.ProbeType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A probe made from a target given on the command line, by the same readers as a configured one. */
public final class AdHocProbe {
    /**
     * What came of it. Immutable.
     *
     * @param problems lines for people, where there is no probe
     */
    public record Attempt(Optional<ProbeSpec> probe, List<String> problems) {}

    private AdHocProbe() {}

    /** The probe for a URL, {@code dns:…}, {@code tls:…}, {@code tcp:…} or {@code icmp:…}. Whoever takes it closes it. */
    public static Attempt of(String target, Duration timeout) {
        for (ProbeType type : ProbesSection.installedTypes()) {
            Optional<Map<String, Object>> keys = type.adHoc(target);
            if (keys.isPresent()) {
                return make(type, keys.get(), timeout);
            }
        }
        return new Attempt(
                Optional.empty(),
                List.of("\"" + target + "\" is no target: expected a URL (https://…, wss://…, grpcs://HOST:PORT), dns:NAME[/TYPE][@SERVER],"
                        + " tls:HOST:PORT, tcp:HOST:PORT or icmp:HOST; for a probe by its name add --config FILE"));
    }

    private static Attempt make(ProbeType type, Map<String, Object> keys, Duration timeout) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", "probe");
        fields.put("type", type.name());
        fields.putAll(keys);
        var problems = new Problems();
        var defaults = new ProbeDefaults(Duration.ofDays(1), timeout, new LinkedHashMap<>(), Optional.empty());
        var section = new ProbesSection(List.of(type), "here", defaults, _ -> {});
        var specs = section.read(Nodes.of(Place.file("command line"), "", List.of(fields)), new Reading(problems, Path.of("").toAbsolutePath()));
        return new Attempt(
                specs.flatMap(s -> s.enabled().stream().findFirst()),
                problems.list().stream().map(AdHocProbe::line).toList());
    }

    /** Without the file and the index in a list, which the user did not write. */
    private static String line(Problem problem) {
        return problem.path().replaceFirst("^\\[0]\\.?", "") + ": " + problem.message()
                + problem.suggestion().map(s -> "; " + s).orElse("");
    }
}
