package dev.gatewatch.alerting.kit;

import dev.gatewatch.alerting.alert.Surroundings;
import dev.gatewatch.alerting.alert.AlertJudge;
import dev.gatewatch.alerting.alert.ChangesNearby;
import dev.gatewatch.alerting.alert.InboundAlert;
import dev.gatewatch.alerting.route.Restraint;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.route.Router;
import dev.gatewatch.alerting.route.TreeRouter;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.slo.Excluded;
import dev.gatewatch.baseline.live.Learnt;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.Handling.Acknowledgement;
import java.time.Duration;
import java.util.Optional;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.delivery.Dispatch;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Result;
import dev.gatewatch.view.AlertView;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * A daemon without threads: a store, a journal and an outbox, with judges that a test starts, feeds and kills as the evaluator would.
 */
public final class World implements Dispatch {
    /** A notice as it came to the outbox. */
    public record Told(String channel, Notice.Kind kind, String alert, String message, String probe) {
        @Override
        public String toString() {
            return channel + " " + kind + " " + message;
        }
    }

    private final Jdbi jdbi;
    private final List<Result> journal = new ArrayList<>();
    private int cursor;
    private Set<String> messengers = Set.of("chat", "hook");

    /** Who takes care of what. */
    public Map<String, Acknowledgement> acknowledged = Map.of();

    /** What baselines say. */
    public Learnt learnt = Learnt.NOTHING;

    /** What other monitors tell. */
    public Map<String, InboundAlert> inbound = Map.of();

    /** What is changed. */
    public ChangesNearby changes = ChangesNearby.NONE;

    /** What was asked to run again. */
    public final List<Series> reruns = new ArrayList<>();

    /** The latest pictures. */
    public Map<String, List<AlertView>> pictures = new HashMap<>();

    public World() {
        jdbi = Jdbi.create(memory());
        jdbi.useHandle(h -> {
            h.execute("CREATE TABLE outbox (id INTEGER)"); // the delivery's, which is not here
            h.createScript(migration("V100__alerts")).execute();
            h.createScript(migration("V102__handling")).execute();
            h.createScript(migration("V130__slo")).execute();
            h.createScript(migration("V2__baseline").replace("${bytes}", "BLOB")).execute();
            h.createScript(migration("V10__baseline_quantity").replace("${bytes}", "BLOB")).execute();
            h.execute("CREATE TABLE state (namespace TEXT, key TEXT, value BLOB, PRIMARY KEY (namespace, key))"); // the store's own
            h.execute("CREATE TABLE writes (n INTEGER)");
            h.execute("INSERT INTO writes VALUES (0)");
            h.execute("CREATE TRIGGER counted_insert AFTER INSERT ON alert BEGIN UPDATE writes SET n = n + 1; END");
            h.execute("CREATE TRIGGER counted_update AFTER UPDATE ON alert BEGIN UPDATE writes SET n = n + 1; END");
            h.execute("CREATE TABLE told (seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT, kind TEXT, alert TEXT, message TEXT, probe TEXT)");
        });
    }

    /** One connection for all: closing it would be the end of the database. */
    private static Connection memory() {
        try {
            return DriverManager.getConnection("jdbc:sqlite::memory:");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String migration(String name) {
        try (InputStream sql = Objects.requireNonNull(World.class.getResourceAsStream("/db/migration/" + name + ".sql"))) {
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on these are the channels that take single notices; all others are mirrors. */
    public void messengers(String... names) {
        messengers = Set.of(names);
    }

    /** A judge whose messengers are told of every change at once, and whose acknowledgements are {@link #acknowledged}. */
    public AlertJudge judgeOf(List<Rule> rules, List<Route> routes) {
        var impatient = routes.stream()
                .map(r -> new Route(
                        r.match(),
                        r.channels(),
                        r.goesOn(),
                        new Route.Partial(
                                Optional.of(List.of()), r.grouping().patience(), Optional.of(Duration.ZERO), Optional.of(Duration.ofDays(30))),
                        r.quiet(),
                        r.escalation(),
                        r.routes()))
                .toList();
        return judgeOf(rules, new TreeRouter(impatient, Restraint.NONE, name -> messengers.contains(name)));
    }

    public AlertJudge judgeOf(List<Rule> rules, Router router) {
        return new AlertJudge(
                rules, learnt, router, this, new Surroundings(() -> acknowledged, () -> inbound, reruns::add, Excluded.NONE, changes));
    }

    /** Runs have ended; nobody has judged them yet. */
    public void journal(List<Result> results) {
        journal.addAll(results);
    }

    /** How many runs wait to be judged. */
    public int waiting() {
        return journal.size() - cursor;
    }

    /** Restores a judge as at start: durable state first, then the runs it remembers. */
    public <J extends Judge> J start(J judge, Plan plan, Instant now) {
        jdbi.useTransaction(tx -> {
            judge.restore(tx, plan, now);
            Instant first = waiting() == 0 ? now : journal.get(cursor).startedAt();
            Instant since = (first.isBefore(now) ? first : now).minus(judge.memory());
            journal.subList(0, cursor).stream().filter(r -> !r.startedAt().isBefore(since)).forEach(judge::remember);
        });
        return judge;
    }

    /** Judges the next runs, at most so many. */
    public void judge(Judge judge, int most, Instant now) {
        int end = Math.min(journal.size(), cursor + most);
        jdbi.useTransaction(tx -> judge.advance(tx, journal.subList(cursor, end), now));
        cursor = end;
        judge.committed();
    }

    /** Judges the next runs, and then the store fails: nothing of it was done. */
    public void judgeInVain(Judge judge, int most, Instant now) {
        int end = Math.min(journal.size(), cursor + most);
        jdbi.useHandle(h -> {
            h.begin();
            judge.advance(h, journal.subList(cursor, end), now);
            h.rollback();
        });
    }

    /** Judges these as one batch, without keeping them. */
    public void judgeAll(Judge judge, List<Result> results, Instant now) {
        jdbi.useTransaction(tx -> judge.advance(tx, results, now));
        judge.committed();
    }

    /** Runs these and judges them at the end of the last. */
    public void live(Judge judge, List<Result> results) {
        for (Result result : results) {
            journal(List.of(result));
            judge(judge, 1, result.endedAt());
        }
    }

    /** All notices since the start, in order. */
    public List<Told> told() {
        return jdbi.withHandle(h -> h.createQuery("SELECT channel, kind, alert, message, probe FROM told ORDER BY seq")
                .map((r, _) -> new Told(
                        r.getString("channel"), Notice.Kind.valueOf(r.getString("kind")), r.getString("alert"), r.getString("message"), r.getString("probe")))
                .list());
    }

    /** Rows of the alert table, as text, without the wording. */
    public List<String> rows() {
        return jdbi.withHandle(h -> h.createQuery("SELECT id, rule, probe, region, state, cause, starts_at, held_since, fired_at, clear_since,"
                        + " ends_at, end_reason, level, told FROM alert ORDER BY id")
                .map((r, _) -> {
                    var row = new StringBuilder();
                    for (int i = 1; i <= 14; i++) {
                        // when channels were told, and which alert of a group came first, depends on when somebody judged
                        row.append(i == 1 ? "" : " ")
                                .append(String.valueOf(r.getString(i))
                                        .replaceAll("\"(first|last|level)\":-?\\d+", "")
                                        .replaceAll("\"group\":\"[^\"]*\"", ""));
                    }
                    return row.toString();
                })
                .list());
    }

    /** How many rows of the alert table were written so far. */
    public int writes() {
        return jdbi.withHandle(h -> h.createQuery("SELECT n FROM writes").mapTo(Integer.class).one());
    }

    public <T> T query(java.util.function.Function<Handle, T> query) {
        return jdbi.withHandle(query::apply);
    }

    @Override
    public Set<String> messengers() {
        return messengers;
    }

    @Override
    public void enqueue(Handle tx, List<Telling> tellings, Instant now) {
        for (Telling telling : tellings) {
            tx.execute(
                    "INSERT INTO told (channel, kind, alert, message, probe) VALUES (?, ?, ?, ?, ?)",
                    telling.channel(),
                    telling.kind().name(),
                    telling.alert().id(),
                    telling.alert().message(),
                    telling.alert().series().probe());
        }
    }

    @Override
    public void committed(Map<String, List<AlertView>> shown, Instant now) {
        pictures = shown;
    }
}
