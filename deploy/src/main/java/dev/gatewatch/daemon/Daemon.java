package dev.gatewatch.daemon;

import dev.gatewatch.alerting.alert.Surroundings;
import dev.gatewatch.alerting.alert.Acknowledgements;
import dev.gatewatch.alerting.alert.AlertJudge;
import dev.gatewatch.alerting.alert.InboundAlerts;
import dev.gatewatch.alerting.change.ChangeSettings;
import dev.gatewatch.alerting.change.Changes;
import dev.gatewatch.alerting.change.NamedChanges;
import dev.gatewatch.alerting.change.Reviews;
import dev.gatewatch.alerting.delivery.Deliveries;
import dev.gatewatch.alerting.delivery.NamedChannel;
import dev.gatewatch.alerting.delivery.StoredMemory;
import dev.gatewatch.alerting.heartbeat.HeartbeatJudge;
import dev.gatewatch.alerting.heartbeat.HeartbeatSender;
import dev.gatewatch.alerting.heartbeat.HeartbeatSettings;
import dev.gatewatch.alerting.route.Maintenance;
import dev.gatewatch.alerting.route.Silences;
import dev.gatewatch.alerting.route.TreeRouter;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.live.BaselineJudge;
import dev.gatewatch.baseline.live.StoredBaselines;
import dev.gatewatch.baseline.live.Unlearnt;
import dev.gatewatch.change.LearntUsual;
import dev.gatewatch.change.Usual;
import dev.gatewatch.probe.Series;
import dev.gatewatch.config.HostPort;
import dev.gatewatch.dropin.BlackboxEndpoint;
import dev.gatewatch.dropin.DropInModules;
import dev.gatewatch.engine.Board;
import dev.gatewatch.engine.Engine;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.engine.QuartzScheduler;
import dev.gatewatch.metrics.Metrics;
import dev.gatewatch.store.SqliteStore;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.web.DaemonInfo;
import dev.gatewatch.web.OnDemandProbe;
import dev.gatewatch.web.ReloadOutcome;
import dev.gatewatch.web.Sources;
import dev.gatewatch.web.WebServer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The running daemon. This is the composition root: everything is made and wired here, by constructor calls, in the order in which it
 * starts; it stops in the reverse order. Safe for many threads.
 */
public final class Daemon implements AutoCloseable {
    /** How long after our start runs are slowed by classes that are loaded and code that is not compiled yet. */
    private static final Duration WARMING = Duration.ofMinutes(1);

    private final Clock clock = Clock.systemUTC();
    private final Instant started = clock.instant();
    private final Closer closer;
    private final DaemonInfo info;
    private final HostPort listen;
    private final Reloader reloader;
    private final SqliteStore store;
    private final Metrics metrics;
    private final OnDemandProbe onDemand;
    private final Board board;
    private final Deliveries deliveries;
    private final Acknowledgements acknowledgements;
    private final InboundAlerts inbound;
    private final Silences silences;
    private final Changes changes;
    private final Desk desk;
    private final Engine engine;
    private final WebServer web;

    private volatile @Nullable HeartbeatSender heartbeat;

    /** Of the running configuration; a reload puts others in their place. */
    private volatile BaselineJudge baselines;

    private volatile @Nullable AlertJudge alerts;

    private volatile Plan plan;

    private volatile Maintenance maintenance;

    private volatile ChangeSettings changeSettings;

    private volatile DropInModules modules;
    private volatile boolean watching;

    private Daemon(
            Configuration configuration,
            Configuration.Attempt attempt,
            Supplier<Configuration.Attempt> reader,
            String version,
            Closer closer) {
        this.closer = closer;
        info = new DaemonInfo(version, configuration.location(), clock.instant());
        reloader = new Reloader(configuration, attempt, reader, this::take, clock);
        listen = configuration.server().listen();
        plan = configuration.plan();
        maintenance = configuration.maintenance();

        // what can fail comes first: the store, then the port, which answers "starting" until the rest is there
        store = closer.add(SqliteStore.open(configuration.store(), configuration.baseDirectory()));
        board = new Board(store.journal(), this::alerts, this::channels, (series, at) -> baselines.views(series, at));
        metrics = closer.add(new Metrics(version, board::current, reloader::status));
        modules = configuration.modules();
        onDemand = new BlackboxEndpoint(
                () -> modules,
                metrics.counter("blackbox.module.unknown", "Count of unknown modules requested by probes"),
                clock);
        acknowledgements = new Acknowledgements(store);
        inbound = new InboundAlerts(store);
        silences = new Silences(store);
        changeSettings = configuration.changes();
        changes = new Changes(store);
        var learnt = new StoredBaselines(store, series -> plan.find(series).flatMap(ProbeSpec::zone).map(usual()::in).orElse(usual()));
        var reviews = new Reviews(
                store,
                changes,
                () -> board.current().probes(),
                () -> changeSettings.bounds(),
                series -> learnt.of(series).<Usual>map(LearntUsual::new).orElse(Usual.UNKNOWN));
        baselines = baselines(configuration);
        deliveries = new Deliveries(
                store, (channel, _, outcome, _, _) -> metrics.delivery(channel, outcome.code()), info.location());
        desk = new Desk(info.location(), clock, this::alerts, acknowledgements, inbound, silences, () -> maintenance.views(clock.instant()), deliveries,
                new Markers(clock, changes, reviews));
        web = closer.add(WebServer.start(configuration.server(), sources()));
        closer.add(deliveries);
        engine = closer.add(new Engine(
                store, new QuartzScheduler(), clock, configuration.engine(), metrics, board));
        showQueues();

        deliveries.reconfigure(channels(configuration));
        alerts = judge(configuration);
        engine.witnesses(configuration.witness());
        engine.start(plan, judges(configuration));
        watching = true;
        closer.add(reloader.watchFiles());
        closer.add(HeapWatch.start());
    }

    /**
     * Starts the daemon.
     *
     * @param configuration becomes the daemon's
     * @param attempt how it was read
     * @param reader reads it anew, for a reload
     * @throws dev.gatewatch.store.StoreException in a person's words, when the store cannot be used
     * @throws dev.gatewatch.web.WebServerException likewise, when the page cannot listen
     */
    public static Daemon start(
            Configuration configuration, Configuration.Attempt attempt, Supplier<Configuration.Attempt> reader, String version) {
        var closer = new Closer();
        try {
            return new Daemon(configuration, attempt, reader, version, closer);
        } catch (RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    /** Reads the configuration anew and goes over to it, if it is good. */
    public ReloadOutcome reload() {
        return watching ? reloader.reload() : new ReloadOutcome(false, List.of("not now: the daemon starts or stops"));
    }

    /** Where the page is. */
    public URI page() {
        return URI.create("http://" + new HostPort(listen.host(), web.port()));
    }

    /** What is being watched. */
    public Plan plan() {
        return plan;
    }

    /** Goes over to another configuration. All that could fail has been done. */
    private void take(Configuration next) {
        plan = next.plan();
        maintenance = next.maintenance();
        changeSettings = next.changes();
        modules = next.modules();
        deliveries.reconfigure(channels(next));
        baselines = baselines(next);
        alerts = judge(next);
        engine.witnesses(next.witness());
        engine.reload(plan, judges(next));
        metrics.retain(plan.probes().keySet());
    }

    private BaselineJudge baselines(Configuration c) {
        return new BaselineJudge(usual(), spec -> Rule.learnt(c.rules(), spec), new Unlearnt() {
            // what runs in an incident or in maintenance is not how it usually is
            @Override
            public boolean covers(ProbeSpec spec, Instant startedAt) {
                return inTrouble(spec.series()) || c.maintenance().covers(spec, startedAt);
            }

            @Override
            public boolean ignores(Instant startedAt) {
                return !startedAt.isBefore(started) && startedAt.isBefore(started.plus(WARMING));
            }
        });
    }

    /** How latencies are learnt: in days of this machine's zone where a probe names no other. */
    public static BaselineSettings usual() {
        return BaselineSettings.latencyMillis().in(ZoneId.systemDefault());
    }

    private AlertJudge judge(Configuration c) {
        var router = new TreeRouter(c.routes(), silences.or(c.maintenance()), name -> deliveries.messengers().contains(name));
        return new AlertJudge(
                c.rules(),
                baselines,
                router,
                deliveries,
                new Surroundings(
                        acknowledgements::all,
                        inbound::all,
                        engine.reruns(),
                        c.maintenance()::covers,
                        new NamedChanges(changes, c.changes().namedFor())));
    }

    private List<Judge> judges(Configuration c) {
        var judges = new ArrayList<Judge>();
        // what is usual is known before it is asked for
        judges.add(baselines);
        judges.add(java.util.Objects.requireNonNull(alerts));
        HeartbeatSender before = heartbeat;
        heartbeat = c.heartbeat().map(HeartbeatSettings::sender).orElse(null);
        HeartbeatSender sender = heartbeat;
        if (sender != null) {
            // last: only what was judged is a sign of life
            judges.add(new HeartbeatJudge(c.heartbeat().orElseThrow(), sender, System::nanoTime));
        }
        if (before != null) {
            before.close();
        }
        return judges;
    }

    private List<NamedChannel> channels(Configuration c) {
        return c.channels().stream()
                .map(spec -> spec.create(
                        c.location(), c.server().externalUrl(), new StoredMemory(store, spec.name(), clock)))
                .toList();
    }

    private void showQueues() {
        metrics.objectives(() -> {
            AlertJudge judge = alerts;
            return judge == null ? List.of() : judge.objectives();
        });
        metrics.gauge("gatewatch_journal_queue_results", "Results that wait to be written", () -> engine.gauges().queued());
        metrics.gauge(
                "gatewatch_evaluator_lag_seconds",
                "Age of the oldest result that is not judged yet",
                () -> engine.gauges().lag().toNanos() / 1e9);
        metrics.gauge("gatewatch_runs_active", "Runs going on", () -> engine.gauges().running());
        metrics.gauge("gatewatch_runs_waiting", "Runs that wait for others to end", () -> engine.gauges().waiting());
    }

    private Sources sources() {
        return new Sources(
                info,
                clock,
                board::current,
                reloader::status,
                this::notReady,
                this::storeTrouble,
                store.journal()::query,
                deliveries,
                desk,
                this::reload,
                metrics::scrape,
                onDemand);
    }

    private List<AlertView> alerts() {
        AlertJudge judge = alerts;
        return judge == null ? List.of() : judge.current();
    }

    private boolean inTrouble(Series series) {
        AlertJudge judge = alerts;
        return judge != null && judge.inTrouble(series);
    }

    private List<dev.gatewatch.view.ChannelView> channels() {
        return deliveries.views();
    }

    private Optional<String> notReady() {
        return watching ? storeTrouble() : Optional.of("starting");
    }

    private Optional<String> storeTrouble() {
        return watching ? engine.gauges().trouble() : Optional.empty();
    }

    @Override
    public void close() {
        watching = false;
        closer.close();
        HeartbeatSender sender = heartbeat;
        if (sender != null) {
            sender.close();
        }
    }
}
