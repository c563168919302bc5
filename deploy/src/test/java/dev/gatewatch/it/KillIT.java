package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.it.NoticeSink.Arrival;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The promise that counts most: whatever moment the daemon is killed at, no alert is lost and none is announced as new twice. */
@Order(1) // the longest goes first, beside all others
class KillIT {
    private static final int KILLS = Integer.getInteger("kills", 50);
    private static final int PROBES = 6;

    @TempDir
    Path folder;

    @Test
    void killedAtRandomMomentsItLosesNothingAndAnnouncesNothingTwice() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KillIT: -Dseed=" + seed + " repeats this run");
        var random = new Random(seed);
        try (var target = new FlakyTarget();
                var sink = new NoticeSink()) {
            Set<String> seen = new HashSet<>();
            for (int kill = 0; kill < KILLS; kill++) {
                try (var gatewatch = GatewatchProcess.run(folder, configuration(target, sink))) {
                    gatewatch.awaitReady();
                    turn(target, random);
                    sink.answerWith(random.nextInt(4) == 0 ? 503 : 200);
                    // the moment itself is what is random here; nothing is awaited
                    LockSupport.parkNanos(random.nextInt(1_500) * 1_000_000L);
                    seen.addAll(fired(gatewatch));
                    gatewatch.kill();
                }
            }
            sink.answerWith(200);
            for (int i = 0; i < PROBES; i++) {
                target.answer("/p" + i, 200);
            }
            try (var gatewatch = GatewatchProcess.run(folder, configuration(target, sink))) {
                gatewatch.awaitReady();
                Patience.await("all is healed and told").untilAsserted(() -> {
                    assertThat(active(gatewatch)).isEmpty();
                    assertThat(states(gatewatch)).containsOnlyKeys("sent");
                });
                seen.addAll(fired(gatewatch));
                check(seen, sink.arrivals(), gatewatch);
            }
        }
    }

    /** The independent checker: compares what the daemon says that it decided with what the receiver took. */
    private static void check(Set<String> fired, List<Arrival> arrivals, GatewatchProcess gatewatch) throws Exception {
        Map<String, List<Arrival>> byAlert = new HashMap<>();
        arrivals.forEach(a -> byAlert.computeIfAbsent(a.alertId(), _ -> new ArrayList<>()).add(a));

        assertThat(fired).as("alerts that fired, seen by the API before or after a kill").hasSizeGreaterThan(PROBES);
        assertThat(byAlert.keySet()).as("no alert is lost").containsAll(fired);
        byAlert.forEach((alert, told) -> {
            assertThat(told.getFirst().status()).as("first word on " + alert).isEqualTo("firing");
            assertThat(told.getLast().status()).as("last word on " + alert).isEqualTo("resolved");
            for (String status : List.of("firing", "resolved")) {
                assertThat(told.stream().filter(a -> a.status().equals(status) && !a.mayRepeat()))
                        .as("%s of %s announced as new", status, alert)
                        .hasSizeLessThanOrEqualTo(1);
                assertThat(told.stream().filter(a -> a.status().equals(status)).map(Arrival::noticeId).distinct())
                        .as("%s of %s is one notice", status, alert)
                        .hasSize(1);
            }
        });
        Set<Long> delivered = new HashSet<>();
        arrivals.forEach(a -> delivered.add(a.noticeId()));
        for (JsonNode notice : gatewatch.api("/notices?limit=10000")) {
            assertThat(delivered).as("no notice vanishes").contains(notice.get("id").asLong());
        }
        System.out.printf(
                "KillIT: %d kills, %d alerts, %d notices, %d deliveries, %d marked as possible repeats%n",
                KILLS, byAlert.size(), delivered.size(), arrivals.size(), arrivals.stream().filter(Arrival::mayRepeat).count());
    }

    private static void turn(FlakyTarget target, Random random) {
        for (int i = 0; i < PROBES; i++) {
            if (random.nextInt(3) > 0) {
                target.answer("/p" + i, random.nextBoolean() ? 500 : 200);
            }
        }
    }

    private static Set<String> fired(GatewatchProcess gatewatch) throws Exception {
        var ids = new HashSet<String>();
        for (JsonNode alert : gatewatch.api("/alerts")) {
            if (!alert.get("state").asString().equals("pending")) {
                ids.add(alert.get("id").asString());
            }
        }
        return ids;
    }

    private static List<JsonNode> active(GatewatchProcess gatewatch) throws Exception {
        var active = new ArrayList<JsonNode>();
        for (JsonNode alert : gatewatch.api("/alerts")) {
            if (!alert.get("state").asString().equals("resolved")) {
                active.add(alert);
            }
        }
        return active;
    }

    private static Map<String, Integer> states(GatewatchProcess gatewatch) throws Exception {
        var counts = new HashMap<String, Integer>();
        for (JsonNode notice : gatewatch.api("/notices?limit=10000")) {
            counts.merge(notice.get("state").asString(), 1, Integer::sum);
        }
        return counts;
    }

    private String configuration(FlakyTarget target, NoticeSink sink) {
        var probes = new StringBuilder();
        for (int i = 0; i < PROBES; i++) {
            probes.append("  - {name: p%d, type: http, url: \"%s\", interval: 1s, timeout: 900ms}\n"
                    .formatted(i, target.url("/p" + i)));
        }
        return """
                server: {listen: "@listen@"}
                store: {url: "sqlite:%s"}
                probes:
                %s
                rules:
                  - {name: down, when: {failures: 1}, calm_flapping: false, severity: critical}
                channels:
                  - {name: hook, type: webhook, url: "%s"}
                routes:
                  - {channels: [hook], storm: 0}
                """
                .formatted(folder.resolve("gatewatch.db"), probes, sink.url());
    }
}
