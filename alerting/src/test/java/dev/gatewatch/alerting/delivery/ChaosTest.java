package dev.gatewatch.alerting.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.alerting.route.Decision;
import dev.gatewatch.alerting.route.Restraint;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.route.Tellable;
import dev.gatewatch.alerting.route.Told;
import dev.gatewatch.alerting.route.TreeRouter;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Journal;
import dev.gatewatch.store.Store;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.NoticeView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty minutes of trouble with receivers of every bad manner, and a daemon that is killed at a hundred random moments: within
 * transactions, right after them, before and after a message arrived. In virtual time, over a real store; what is checked in the end is
 * what the receivers noted down.
 */
class ChaosTest {
    private static final int PROBES = 20;
    private static final int ALERTS = 200;
    private static final int KILLS = 100;
    private static final Duration LENGTH = Duration.ofMinutes(20);
    private static final List<String> MANNERS = List.of("good", "500", "429", "refuses in 200", "hangs", "resets", "down");

    @TempDir
    Path folder;

    private final Random random = new Random(Long.getLong("seed", 20_26L));
    private final FakeTime time = new FakeTime();
    private final Map<String, Receiver> receivers = new LinkedHashMap<>();
    private final Set<Integer> troubled = new HashSet<>();
    private boolean armed = true;
    private int kills;

    /** The daemon's end. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private void mayDie(int oneOf) {
        if (armed && random.nextInt(oneOf) == 0) {
            kills++;
            throw new Killed();
        }
    }

    /** What a receiver took in: noted by itself, apart from all that the daemon thinks. */
    private record Arrival(long notice, String alert, Kind kind, boolean mayRepeat) {}

    private final class Receiver {
        final String manner;
        final List<Arrival> log = new ArrayList<>();
        private Instant downUntil = Instant.MIN;

        Receiver(String manner) {
            this.manner = manner;
        }

        FakeMessenger messenger() {
            return new FakeMessenger(1 + random.nextInt(40), Duration.ofMillis(random.nextInt(1_000))).always(this::answer);
        }

        private Delivery answer(List<Notice> notices) {
            mayDie(30); // before it arrived
            if (armed && random.nextInt(3) == 0) {
                switch (manner) {
                    case "500", "refuses in 200" -> {
                        return new Delivery.Retry(manner, Optional.empty());
                    }
                    case "429" -> {
                        return new Delivery.Retry(manner, Optional.of(Duration.ofSeconds(7)));
                    }
                    case "hangs", "resets" -> {
                        time.pass(Duration.ofMillis(500));
                        if (random.nextBoolean()) {
                            note(notices);
                        }
                        return new Delivery.Retry(manner, Optional.empty(), true);
                    }
                    case "down" -> downUntil = random.nextInt(10) == 0 ? time.now().plusSeconds(120) : downUntil;
                    default -> {}
                }
            }
            if (armed && time.now().isBefore(downUntil)) {
                return new Delivery.Retry("connection refused", Optional.empty());
            }
            note(notices);
            mayDie(30); // before we knew
            return new Delivery.Delivered();
        }

        private void note(List<Notice> notices) {
            notices.forEach(n -> log.add(new Arrival(n.id(), n.alert().id(), n.kind(), n.mayRepeat())));
        }
    }

    /** A store whose process may die around each of its writes. */
    private final class DeadlyStore implements Store {
        private final Store store;

        DeadlyStore(Store store) {
            this.store = store;
        }

        @Override
        public <T extends @Nullable Object> T write(Work<T> work) {
            T result = store.write(tx -> {
                T done = work.in(tx);
                mayDie(80); // rolled back
                return done;
            });
            mayDie(80); // it holds, and nobody knows
            return result;
        }

        @Override
        public <T extends @Nullable Object> T read(Work<T> work) {
            return store.read(work);
        }

        @Override
        public Journal journal() {
            return store.journal();
        }

        @Override
        public void close() {}
    }

    /** One life of a daemon: a judge of sorts, a router, an outbox and its lanes. */
    private final class Life {
        private final Store store;
        private final Outbox outbox;
        private final Map<String, Tellable> alerts = new LinkedHashMap<>();
        private final List<MessengerLane> lanes = new ArrayList<>();
        private final TreeRouter router;

        Life(Store durable) {
            store = new DeadlyStore(durable);
            outbox = new Outbox(store);
            store.read(this::restore).forEach(each -> alerts.put(each.alert().id(), each));
            List<String> names = List.copyOf(receivers.keySet());
            router = new TreeRouter(List.of(new Route(List.of(), names, false)), Restraint.NONE, names::contains);
            receivers.forEach((name, receiver) -> {
                FakeMessenger messenger = receiver.messenger();
                lanes.add(new MessengerLane(
                        new NamedChannel(name, "fake", messenger),
                        messenger,
                        outbox,
                        time,
                        new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), random),
                        DeliveryMetrics.NONE));
            });
        }

        private List<Tellable> restore(Handle handle) {
            return handle.createQuery("SELECT alert, told FROM chaos ORDER BY id")
                    .map((row, _) -> new Tellable(AlertCodec.decode(row.getString("alert")), 0, told(row.getString("told"))))
                    .list();
        }

        /** Sees who is in trouble, decides who is told, and stores both and the notices in one transaction. */
        void judge() {
            Instant now = time.now();
            var next = new LinkedHashMap<>(alerts);
            Set<Integer> open = alerts.values().stream()
                    .filter(each -> each.alert().state() == State.FIRING)
                    .map(each -> Integer.parseInt(each.alert().series().probe()))
                    .collect(Collectors.toSet());
            for (int probe = 0; probe < PROBES; probe++) {
                if (troubled.contains(probe) && !open.contains(probe)) {
                    AlertView begun = begun(probe, now);
                    next.put(begun.id(), new Tellable(begun, 0, new LinkedHashMap<>()));
                }
            }
            next.replaceAll((_, each) -> each.alert().state() == State.FIRING
                            && !troubled.contains(Integer.parseInt(each.alert().series().probe()))
                    ? new Tellable(AlertSamples.resolved(each.alert()), 0, each.told())
                    : each);
            Decision decision = router.decide(List.copyOf(next.values()), now);
            next.replaceAll((id, each) -> new Tellable(each.alert(), 0, decision.told().getOrDefault(id, each.told())));
            next.values().removeIf(each -> each.alert().state() == State.RESOLVED && each.told().values().stream().allMatch(Told::ended));
            if (next.equals(alerts)) {
                return;
            }
            store.write(tx -> {
                tx.execute("DELETE FROM chaos");
                next.forEach((id, each) -> tx.execute(
                        "INSERT INTO chaos (id, alert, told) VALUES (?, ?, ?)", id, AlertCodec.encode(each.alert()), text(each.told())));
                outbox.insert(tx, decision.tellings().stream().map(t -> new Outbox.Entry(t, "")).toList(), now);
                return true;
            });
            alerts.clear();
            alerts.putAll(next);
        }

        void deliver() throws InterruptedException {
            for (MessengerLane lane : lanes) {
                for (int step = 0; step < 5 && lane.step().isZero(); step++) {
                    mayDie(2_000);
                }
            }
        }
    }

    private static AlertView begun(int probe, Instant now) {
        AlertView a = AlertSamples.firing(probe + "-" + now.toEpochMilli());
        return new AlertView(
                a.id(), "f-" + probe, a.rule(), new Series(Integer.toString(probe), "", "dc1"), a.type(), a.target(), a.severity(),
                a.state(), a.cause(), a.message(), a.evidence(), now, Optional.of(now), Optional.empty(), "", a.labels(),
                a.annotations());
    }

    private static String text(Map<String, Told> told) {
        return told.entrySet().stream()
                .map(e -> String.join(
                        "|",
                        e.getKey(),
                        e.getValue().group(),
                        Integer.toString(e.getValue().level()),
                        e.getValue().firstAt().toString(),
                        e.getValue().lastAt().toString(),
                        Boolean.toString(e.getValue().ended())))
                .collect(Collectors.joining("\n"));
    }

    private static LinkedHashMap<String, Told> told(String text) {
        var told = new LinkedHashMap<String, Told>();
        text.lines().forEach(line -> {
            String[] f = line.split("\\|");
            told.put(f[0], new Told(f[1], Integer.parseInt(f[2]), Instant.parse(f[3]), Instant.parse(f[4]), Boolean.parseBoolean(f[5])));
        });
        return told;
    }

    @Test
    void whateverReceiversDoAndWheneverTheDaemonDiesNothingIsLostAndAllIsToldInOrder() throws Exception {
        MANNERS.forEach(manner -> receivers.put(manner.replace(' ', '-'), new Receiver(manner)));
        try (var durable = new TestStore(folder)) {
            durable.write(tx -> tx.execute("CREATE TABLE chaos (id TEXT PRIMARY KEY, alert TEXT, told TEXT)"));
            Instant end = time.now().plus(LENGTH);
            Life life = new Life(durable);
            int begun = 0;
            while (time.now().isBefore(end) || begun < ALERTS || kills < KILLS) {
                // troubles last from seconds to minutes
                for (int turn = 0; turn < 2; turn++) {
                    int probe = random.nextInt(PROBES);
                    if (troubled.contains(probe) ? random.nextInt(4) == 0 : random.nextInt(3) == 0) {
                        if (!troubled.remove(probe)) {
                            troubled.add(probe);
                            begun++;
                        }
                    }
                }
                try {
                    life.judge();
                    life.deliver();
                } catch (Killed _) {
                    life = new Life(durable);
                }
                time.pass(Duration.ofSeconds(1));
            }
            armed = false;
            troubled.clear();
            for (int times = 0; times < 400; times++) {
                life.judge();
                life.deliver();
                time.pass(Duration.ofSeconds(10));
            }
            assertThat(life.alerts).as("every alert ended, and everybody was told").isEmpty();
            check(Logs.all(new Outbox(durable)::find), begun);
        }
    }

    /** Compares what receivers noted with what was decided. */
    private void check(List<NoticeView> decided, int begun) {
        assertThat(decided).allMatch(row -> row.state() == NoticeView.State.SENT);
        int arrivals = 0;
        int repeats = 0;
        Set<String> alerts = new HashSet<>();
        for (Map.Entry<String, Receiver> each : receivers.entrySet()) {
            List<Arrival> log = each.getValue().log;
            Set<Long> expected = decided.stream()
                    .filter(row -> row.channel().equals(each.getKey()))
                    .map(NoticeView::id)
                    .collect(Collectors.toSet());
            assertThat(log.stream().map(Arrival::notice).collect(Collectors.toSet()))
                    .as("%s got all that was decided, and nothing else", each.getKey())
                    .isEqualTo(expected);
            assertThat(log.stream().filter(a -> !a.mayRepeat()).map(Arrival::notice))
                    .as("%s was told nothing as new twice", each.getKey())
                    .doesNotHaveDuplicates();
            var byAlert = new TreeMap<String, List<Arrival>>();
            log.forEach(a -> byAlert.computeIfAbsent(a.alert(), _ -> new ArrayList<>()).add(a));
            byAlert.forEach((alert, told) -> {
                assertThat(told.getFirst().kind()).as("%s: first word on %s", each.getKey(), alert).isEqualTo(Kind.FIRING);
                assertThat(told.getLast().kind()).as("%s: last word on %s", each.getKey(), alert).isEqualTo(Kind.RESOLVED);
                // no beginning after the end, but where a whole message is repeated
                boolean ended = false;
                for (Arrival a : told) {
                    ended |= a.kind() == Kind.RESOLVED;
                    assertThat(ended && a.kind().firing() && !a.mayRepeat())
                            .as("%s: %s begins after its end", each.getKey(), alert)
                            .isFalse();
                }
            });
            alerts.addAll(byAlert.keySet());
            arrivals += log.size();
            repeats += log.size() - expected.size();
        }
        Map<String, Long> perChannel = new HashMap<>();
        decided.forEach(row -> perChannel.merge(row.channel(), 1L, Long::sum));
        assertThat(alerts.size()).isGreaterThanOrEqualTo(ALERTS);
        assertThat(kills).isGreaterThanOrEqualTo(KILLS);
        System.out.printf(
                "chaos: %d troubles, %d alerts told of, %d notices on %d channels, %d arrivals, %d of them repeats, %d kills%n",
                begun, alerts.size(), decided.size(), receivers.size(), arrivals, repeats, kills);
    }
}
