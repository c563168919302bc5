package dev.gatewatch.probes.hostile;

import dev.gatewatch.engine.Board;
import dev.gatewatch.engine.Engine;
import dev.gatewatch.engine.EngineMetrics;
import dev.gatewatch.engine.EngineSettings;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.engine.QuartzScheduler;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.SqliteStore;
import dev.gatewatch.store.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process with the real engine, scheduler and store, and the probes of a JSON file: a list of {@code name}, {@code type},
 * {@code intervalMs}, {@code timeoutMs} and {@code config}. Each run is a line of JSON on standard output; it ends when its standard input does.
 */
public final class SmallDaemon {
    private static final JsonMapper JSON = JsonMapper.shared();

    private SmallDaemon() {}

    /** A line of the output. */
    record Ran(String name, String outcome, String cause, String message, long tookMs, long latenessMs) {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        var specs = new ArrayList<ProbeSpec>();
        for (var each : JSON.readValue(Files.readString(folder.resolve("probes.json")), Probe[].class)) {
            ProbeType type = ServiceLoader.load(ProbeType.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(t -> t.name().equals(each.type()))
                    .findFirst()
                    .orElseThrow();
            Duration interval = Duration.ofMillis(each.intervalMs());
            specs.add(new ProbeSpec(
                    new Series(each.name(), "", "here"),
                    type,
                    new LinkedHashMap<>(),
                    interval,
                    Duration.ofMillis(each.timeoutMs()),
                    Sections.probe(type, each.config()),
                    each.name()));
        }
        var settings = new StoreSettings("gatewatch.db", Duration.ofDays(7), 1L << 30);
        try (var store = SqliteStore.open(settings, folder);
                var engine = new Engine(
                        store,
                        new QuartzScheduler(),
                        Clock.systemUTC(),
                        EngineSettings.defaults(),
                        new Lines(),
                        new Board(store.journal(), List::of, List::of))) {
            engine.start(new Plan(specs), List.of());
            while (System.in.read() >= 0) {
                // until the end of the test
            }
        }
    }

    /** As in the file. */
    record Probe(String name, String type, long intervalMs, long timeoutMs, Map<String, Object> config) {}

    private static final class Lines implements EngineMetrics {
        @Override
        public void ran(Result result, Duration lateness) {
            say(new Ran(
                    result.series().probe(),
                    result.outcome().toString(),
                    result.report().cause().map(Cause::name).orElse(""),
                    result.report().message(),
                    result.duration().toMillis(),
                    lateness.toMillis()));
        }

        @Override
        public void skipped(Series series) {
            say(new Ran(series.probe(), "SKIPPED", "", "", 0, 0));
        }

        @Override
        public void dropped(long results) {
            say(new Ran("store", "DROPPED", "", "", 0, 0));
        }

        private static synchronized void say(Ran ran) {
            System.out.println(JSON.writeValueAsString(ran));
        }
    }
}
