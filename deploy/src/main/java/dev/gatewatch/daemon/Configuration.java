package dev.gatewatch.daemon;

import dev.gatewatch.alerting.change.ChangeSettings;
import dev.gatewatch.alerting.delivery.ChannelSpec;
import dev.gatewatch.alerting.route.Maintenance;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.config.ConfigFiles;
import dev.gatewatch.config.ConfigFiles.Loaded;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Nodes;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Sources;
import dev.gatewatch.dropin.DropInModules;
import dev.gatewatch.engine.ConfiguredProbes;
import dev.gatewatch.engine.EngineSettings;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.alerting.heartbeat.HeartbeatSettings;
import dev.gatewatch.engine.WitnessSettings;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.store.StoreSettings;
import dev.gatewatch.web.ServerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole configuration: clean, and with every probe made. Immutable; whoever takes it closes its probes when they have run.
 *
 * @param files as people name them
 * @param baseDirectory where relative paths in the configuration start
 */
public record Configuration(
        List<String> files,
        Path baseDirectory,
        ServerSettings server,
        StoreSettings store,
        EngineSettings engine,
        WitnessSettings witness,
        Optional<HeartbeatSettings> heartbeat,
        String location,
        Plan plan,
        DropInModules modules,
        List<Rule> rules,
        List<ChannelSpec> channels,
        List<Route> routes,
        Maintenance maintenance,
        ChangeSettings changes)
        implements AutoCloseable {
    public Configuration {
        files = List.copyOf(files);
        rules = List.copyOf(rules);
        channels = List.copyOf(channels);
        routes = List.copyOf(routes);
    }

    private static final Node.Fields NOTHING = new Node.Fields(Place.file("command line"), "", new LinkedHashMap<>());

    /**
     * What came of reading. Immutable.
     *
     * @param configuration absent when one of the problems is an error
     * @param problems errors and warnings in the order of the files
     * @param unlisted how many problems more there are than are listed
     * @param files as people name them
     * @param sources what to watch for changes, whether or not the configuration is clean
     */
    public record Attempt(
            Optional<Configuration> configuration,
            List<Problem> problems,
            int unlisted,
            List<String> files,
            Sources sources) {
        public Attempt {
            problems = List.copyOf(problems);
            files = List.copyOf(files);
        }

        /** The problems as lines for people. */
        public List<String> lines() {
            var lines = new ArrayList<>(problems.stream().map(Problem::toString).toList());
            if (unlisted > 0) {
                lines.add("and " + unlisted + " more");
            }
            return List.copyOf(lines);
        }
    }

    /**
     * Reads and checks a configuration. Never throws for what a user wrote, and opens nothing.
     *
     * @param paths files and folders
     * @param environment what {@code ${env:…}} looks into
     */
    public static Attempt read(List<Path> paths, Map<String, String> environment) {
        return read(paths, Optional.empty(), environment);
    }

    /**
     * As {@link #read(List, Map)}, with the modules of a {@code blackbox.yml} as if {@code modules_file} named it.
     *
     * @param paths files and folders; none where the modules are all there is to do
     */
    public static Attempt read(List<Path> paths, Optional<Path> blackbox, Map<String, String> environment) {
        var problems = new Problems();
        Loaded loaded = paths.isEmpty()
                ? new Loaded(Optional.of(NOTHING), List.of(), Path.of(""), new Sources())
                : ConfigFiles.read(paths, RootSection.LISTS, environment, problems);
        Optional<Configuration> configuration = loaded.root()
                .map(root -> blackbox.map(file -> withModules(root, file)).orElse(root))
                .flatMap(root -> read(loaded, root, problems));
        return new Attempt(configuration, problems.list(), problems.unlisted(), loaded.files(), loaded.sources());
    }

    private static Node.Fields withModules(Node.Fields root, Path file) {
        var named = Nodes.of(Place.file("--blackbox"), "modules_file", file.toAbsolutePath().toString());
        return root.with(Map.of("modules_file", named), List.of());
    }

    private static Optional<Configuration> read(Loaded loaded, Node.Fields tree, Problems problems) {
        Reading reading =
                RootSection.sharing(tree, new Reading(problems, loaded.baseDirectory(), loaded.sources()));
        var made = new ArrayList<Probe>();
        var root = new RootSection(tree, reading, made::add);
        root.type().read(tree, reading);
        new CrossChecks(root, tree.place(), problems).run();
        if (problems.errors() > 0) {
            made.forEach(Probe::close);
            return Optional.empty();
        }
        ConfiguredProbes probes = root.probes.value().orElseThrow();
        probes.disabled().forEach(spec -> spec.probe().close());
        return Optional.of(new Configuration(
                loaded.files(),
                loaded.baseDirectory(),
                root.server.value().orElseThrow(),
                root.store.value().orElseThrow(),
                root.engine.value().orElseThrow(),
                root.witness.value().orElseThrow(),
                root.heartbeat.value().orElseThrow().stream().findFirst(),
                root.location.value().orElseThrow(),
                new Plan(probes.enabled()),
                new DropInModules(root.modules.value().orElseThrow(), reading.baseDirectory(), reading.shared()),
                root.rules.value().orElseThrow(),
                root.channels.value().orElseThrow(),
                root.routes.value().orElseThrow(),
                root.maintenance.value().orElseThrow(),
                root.changes.value().orElseThrow()));
    }

    /** Closes every probe: for a configuration that is not used, such as one that was only checked. */
    @Override
    public void close() {
        plan.probes().values().forEach(spec -> spec.probe().close());
    }
}
