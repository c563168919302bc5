package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.ConfigFiles;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Shared;
import dev.gatewatch.config.Sources;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.blackbox.Module.Translation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The modules of a {@code blackbox.yml}. Immutable. */
public final class BlackboxModules {
    /** The probers that there are, each with the block of a module that is named like it. */
    private static final SequencedMap<String, Key<Translation>> PROBERS = probers();

    private static final Key<String> PROBER = Key.required("prober", Types.text(), "What the module does.");
    private static final Key<Duration> TIMEOUT = Key.optional("timeout", GoTypes.duration(), "How long it may take.");
    private static final SectionType<Module> MODULE = SectionType.of("module", moduleKeys(), BlackboxModules::module);
    private static final Key<SequencedMap<String, Module>> MODULES =
            Key.required("modules", Types.map(Types.text(), MODULE), "The modules by name.");
    private static final SectionType<BlackboxModules> FILE =
            SectionType.of("blackbox.yml", List.of(MODULES), s -> new BlackboxModules(s.get(MODULES)));

    /** No modules. */
    public static final BlackboxModules NONE = new BlackboxModules(Map.of());

    private final Map<String, Module> modules;

    private BlackboxModules(Map<String, Module> modules) {
        var named = new LinkedHashMap<String, Module>();
        modules.forEach((name, m) ->
                named.put(name, new Module(name, m.prober(), m.timeout(), m.translation(), m.written())));
        this.modules = named;
    }

    private static SequencedMap<String, Key<Translation>> probers() {
        var all = new LinkedHashMap<String, Key<Translation>>();
        all.put("http", block("http", HttpModule.TYPE));
        all.put("tcp", block("tcp", TcpModule.TCP));
        all.put("unix", block("unix", TcpModule.UNIX));
        all.put("dns", block("dns", DnsModule.TYPE));
        all.put("icmp", block("icmp", IcmpModule.TYPE));
        all.put("grpc", block("grpc", GrpcModule.TYPE));
        all.put("websocket", block("websocket", WebSocketModule.TYPE));
        return all;
    }

    private static Key<Translation> block(String prober, ValueType<Translation> type) {
        return Key.optional(prober, type, "What the " + prober + " prober does.");
    }

    private static List<Key<?>> moduleKeys() {
        var keys = new ArrayList<Key<?>>(List.of(PROBER, TIMEOUT));
        keys.addAll(PROBERS.values());
        return keys;
    }

    /**
     * Reads a file as blackbox_exporter would.
     *
     * @param shared settings of our own configuration that its probes obey, above all the target policy
     * @param sources where the file is noted
     * @return nothing where a problem was told
     */
    public static Optional<BlackboxModules> read(Path file, Problems problems, Shared shared, Sources sources) {
        ConfigFiles.Loaded loaded = ConfigFiles.readForeign(file, problems);
        sources.add(loaded.sources());
        return loaded.root()
                .flatMap(root -> FILE.read(root, new Reading(problems, loaded.baseDirectory(), sources, shared)));
    }

    public Optional<Module> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    /** All modules in the order of the file. */
    public List<Module> all() {
        return List.copyOf(modules.values());
    }

    private static Module module(Section section) {
        String prober = section.get(PROBER);
        Optional<Key<Translation>> block = Optional.ofNullable(PROBERS.get(prober));
        Optional<Translation> translation = block.flatMap(key -> section.find(key).or(() -> unset(key, section)));
        return new Module("", prober, section.find(TIMEOUT), translation, section.node());
    }

    /** A prober without its block has all its defaults. */
    private static Optional<Translation> unset(Key<Translation> block, Section section) {
        var nothing = new Node.Fields(section.node().place(), section.node().path(), new LinkedHashMap<>());
        // a block with a required key, as dns has it, tells that it is missing
        return block.type().read(nothing, section.reading());
    }
}
