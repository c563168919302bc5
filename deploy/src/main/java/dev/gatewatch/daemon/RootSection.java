package dev.gatewatch.daemon;

import dev.gatewatch.alerting.change.ChangeSettings;
import dev.gatewatch.alerting.delivery.ChannelSpec;
import dev.gatewatch.alerting.delivery.ChannelsSection;
import dev.gatewatch.alerting.heartbeat.HeartbeatSettings;
import dev.gatewatch.alerting.route.Maintenance;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Shared;
import dev.gatewatch.config.Types;
import dev.gatewatch.engine.ConfiguredProbes;
import dev.gatewatch.engine.EngineSettings;
import dev.gatewatch.engine.ProbeDefaults;
import dev.gatewatch.engine.ProbesSection;
import dev.gatewatch.engine.WitnessSettings;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probes.blackbox.BlackboxModules;
import dev.gatewatch.probes.httpclient.TokenSources;
import dev.gatewatch.probes.callback.CallbackSettings;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.oauth.OAuthClients;
import dev.gatewatch.store.StoreSettings;
import dev.gatewatch.web.ServerSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** All keys at the top of a configuration. Serves one reading, on its thread. */
final class RootSection {
    /** The lists that several files may share. */
    static final Set<String> LISTS = Set.of("probes", "rules", "channels", "routes", "maintenance");

    private static final String LOCAL = "local";
    private static final Key<String> LOCATION = Key.withDefault(
            "location", Types.name(), LOCAL, LOCAL, "Where this daemon runs; a label of every metric and alert.");
    private static final Key<ProbeDefaults> DEFAULTS = Key.withDefault(
            "defaults",
            ProbeDefaults.TYPE,
            ProbeDefaults.BUILT_IN,
            "as below",
            "What holds for probes that do not say otherwise.");

    private static final Key<TargetPolicy> TARGETS = Key.withDefault(
            "targets",
            TargetPolicy.TYPE,
            TargetPolicy.STANDARD,
            "all but link-local addresses and clouds' metadata services",
            "Where probes may send packets: checked after name resolution, on every hop and redirect, for the very address that is"
                    + " connected to.");

    private static final Key<OAuthClients> OAUTH = Key.withDefault(
            "oauth",
            OAuthClients.TYPE,
            OAuthClients.NONE,
            "none",
            "Clients of OAuth 2.0 servers, by name. auth: {oauth: NAME} sends a client's token with a request; all probes share one"
                    + " token a client, which is renewed before it expires.");
    private static final Key<CallbackSettings> CALLBACKS = Key.optional(
            "callbacks",
            CallbackSettings.TYPE,
            "Where transactions listen for the callbacks of their targets; needed where a step waits for one.");

    final Part<ServerSettings> server = new Part<>(
            "server", ServerSettings.SECTION, ServerSettings.DEFAULT, "as below", "The page, the API and the metrics.");
    final Part<StoreSettings> store = new Part<>(
            "store", StoreSettings.SECTION, StoreSettings.defaults(), "as below", "Where results and states are kept.");
    final Part<EngineSettings> engine = new Part<>(
            "engine", EngineSettings.SECTION, EngineSettings.defaults(), "as below", "How much goes on at once.");
    final Part<WitnessSettings> witness = new Part<>(
            "witness",
            WitnessSettings.SECTION,
            WitnessSettings.NONE,
            "none: every failure is held against its target",
            "What tells whether this machine has a network at all: when a run fails and none of these answers, the run is `broken`, nobody is"
                    + " told of its target, and one alert speaks of ourselves.");
    final Part<String> location = part(LOCATION, LOCAL);
    final Part<ProbeDefaults> defaults = part(DEFAULTS, ProbeDefaults.BUILT_IN);
    final Part<TargetPolicy> targets = part(TARGETS, TargetPolicy.STANDARD);
    final Part<BlackboxModules> modules = new Part<>(
            "modules_file",
            new ModulesFile(),
            BlackboxModules.NONE,
            "none",
            "A blackbox.yml of blackbox_exporter, as it is: its modules answer GET /probe?module=…&target=….");
    final Part<OAuthClients> oauth = part(OAUTH, OAuthClients.NONE);
    final Part<ConfiguredProbes> probes;
    final Part<List<Rule>> rules = new Part<>(
            "rules", Rule.LIST, List.of(), "none", "When a probe is in trouble, and how loud to say it.");
    final Part<List<ChannelSpec>> channels = new Part<>(
            "channels", ChannelsSection.installed(), List.of(), "none", "Where notices of alerts can go.");
    final Part<List<Route>> routes = new Part<>(
            "routes", Route.LIST, List.of(), "none", "Which alerts go to which channels.");
    final Part<List<HeartbeatSettings>> heartbeat = new Part<>(
            "heartbeat",
            new Present<>(HeartbeatSettings.SECTION),
            List.of(),
            "none",
            "A dead man's switch: an address that is asked again and again for as long as runs are made and judged. Whoever watches it hears of"
                    + " it when this daemon is dead.");
    final Part<Maintenance> maintenance = new Part<>(
            "maintenance",
            Maintenance.LIST,
            Maintenance.NONE,
            "none",
            "When work goes on, and whose alerts nobody is told of meanwhile.");

    final Part<ChangeSettings> changes = new Part<>(
            "changes",
            ChangeSettings.SECTION,
            ChangeSettings.STANDARD,
            "as below",
            "How changes (deployment markers) are compared with what was before, and named by alerts.");

    /**
     * The keys.
     *
     * @param root what is to be read: {@code location} and {@code defaults} are looked up in it, as the probes depend on them
     * @param made is given every probe as it is made
     */
    RootSection(Node.Fields root, Reading reading, Consumer<Probe> made) {
        this.probes = new Part<>(
                "probes",
                new ProbesSection(
                        ProbesSection.installedTypes(),
                        early(LOCATION, root, reading).orElse(LOCAL),
                        early(DEFAULTS, root, reading).orElse(ProbeDefaults.BUILT_IN),
                        made),
                ConfiguredProbes.NONE,
                "none",
                "What is watched.");
    }

    /** A reading in which the readers of probes find what holds for all of them. */
    static Reading sharing(Node.Fields root, Reading reading) {
        Reading all = share(
                TARGETS,
                root,
                reading,
                (more, policy) -> policy.map(p -> more.sharing(TargetPolicy.class, p)).orElse(more));
        // what is wrong with the section is told where it is; the probes that need it have no part in that
        Reading called = share(
                CALLBACKS,
                root,
                all,
                (more, callbacks) -> more.sharing(CallbackSettings.class, callbacks.orElse(CallbackSettings.STANDARD)));
        return share(OAUTH, root, called, (more, clients) -> clients.map(
                        c -> more.sharing(TokenSources.class, c).sharing(OAuthClients.class, c))
                .orElseGet(() -> more.sharing(TokenSources.class, OAuthClients.unreadable(root, OAUTH.name()))));
    }

    /** Reads a key before the others, and notes what its value was made of, so that probes are made anew when that changes. */
    private static <T> Reading share(
            Key<T> key, Node.Fields root, Reading reading, BiFunction<Reading, Optional<T>, Reading> with) {
        Node written = root.fields().get(key.name());
        if (written == null) {
            return reading;
        }
        Reading part = reading.part();
        Optional<T> value = key.type().read(written, part);
        return with.apply(reading, value)
                .from(new Shared.Origin(written, part.sources().states()));
    }

    private static <T> Part<T> part(Key<T> key, T fallback) {
        return new Part<>(key.name(), key.type(), fallback, key.fallbackText().orElse(""), key.meaning());
    }

    /** The value of a key that is read again, and its problems told, with all others. */
    private static <T> Optional<T> early(Key<T> key, Node.Fields root, Reading reading) {
        return Optional.ofNullable(root.fields().get(key.name()))
                .flatMap(node -> key.type().read(node, new Reading(new Problems(), reading.baseDirectory())));
    }

    /** The whole as one section; its value is of no use, the parts' are. */
    SectionType<RootSection> type() {
        return SectionType.of(
                "configuration",
                List.of(
                        server.key(),
                        store.key(),
                        engine.key(),
                        witness.key(),
                        location.key(),
                        defaults.key(),
                        targets.key(),
                        modules.key(),
                        oauth.key(),
                        CALLBACKS,
                        probes.key(),
                        rules.key(),
                        channels.key(),
                        routes.key(),
                        heartbeat.key(),
                        maintenance.key(),
                        changes.key()),
                section -> this);
    }
}
