package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.it.RoughSink.Arrival;
import dev.gatewatch.it.RoughSink.Manner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The promise that counts most: whatever moment the daemon is killed at ({@code kill -9}) and however its receivers behave, no alert is
 * lost, all is told in order, and nothing is announced as new twice. What is checked in the end is what each receiver noted down.
 */
@Order(1) // the longest goes first, beside all others
class KillIT {
    private static final int KILLS = Integer.getInteger("kills", 50);
    private static final int PROBES = 12;

    @TempDir
    Path folder;

    @Test
    void killedAtRandomMomentsAmongRoughReceiversItLosesNothingAndAnnouncesNothingTwice() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KillIT: -Dseed=" + seed + " repeats this run");
        var random = new Random(seed);
        var sinks = new ArrayList<RoughSink>();
        try (var target = new FlakyTarget()) {
            for (Manner manner : Manner.values()) {
                sinks.add(new RoughSink(manner, random.nextLong()));
            }
            Set<String> fired = new HashSet<>();
            for (int kill = 0; kill < KILLS; kill++) {
                try (var gatewatch = GatewatchProcess.run(folder, configuration(target, sinks))) {
                    gatewatch.awaitReady();
                    turn(target, random);
                    for (RoughSink sink : sinks) {
                        sink.turn();
                    }
                    // the moment itself is what is random here; nothing is awaited
                    LockSupport.parkNanos(random.nextInt(1_200) * 1_000_000L);
                    fired.addAll(fired(gatewatch));
                    gatewatch.kill();
                }
            }
            for (RoughSink sink : sinks) {
                sink.behave();
            }
            for (int i = 0; i < PROBES; i++) {
                target.answer("/p" + i, 200);
            }
            try (var gatewatch = GatewatchProcess.run(folder, configuration(target, sinks))) {
                gatewatch.awaitReady();
                Patience.await("all is healed and told").atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                    assertThat(active(gatewatch)).isZero();
                    assertThat(notices(gatewatch).values().stream().flatMap(List::stream).map(n -> n.get("state").asString()))
                            .containsOnly("sent");
                });
                fired.addAll(fired(gatewatch));
                check(fired, sinks, notices(gatewatch));
            }
        } finally {
            sinks.forEach(RoughSink::close);
        }
    }

    /** The independent checker: what each receiver noted, against what the daemon says that it decided. */
    private static void check(Set<String> fired, List<RoughSink> sinks, Map<String, List<JsonNode>> notices) {
        assertThat(fired).as("alerts that fired, seen by the API before or after a kill").hasSizeGreaterThan(KILLS / 2);
        int arrived = 0;
        int repeats = 0;
        for (RoughSink sink : sinks) {
            String name = name(sink);
            List<Arrival> log = sink.arrivals();
            Map<String, List<Arrival>> byAlert = new LinkedHashMap<>();
            log.forEach(a -> byAlert.computeIfAbsent(a.alertId(), _ -> new ArrayList<>()).add(a));

            assertThat(byAlert.keySet()).as("%s: no alert is lost", name).containsAll(fired);
            Set<Long> got = log.stream().map(Arrival::noticeId).collect(Collectors.toSet());
            assertThat(got)
                    .as("%s: no notice is lost, none comes from nowhere", name)
                    .isEqualTo(notices.get(name).stream().map(n -> n.get("id").asLong()).collect(Collectors.toSet()));
            assertThat(log.stream().filter(a -> !a.mayRepeat()).map(Arrival::noticeId))
                    .as("%s: nothing is announced as new twice", name)
                    .doesNotHaveDuplicates();
            byAlert.forEach((alert, told) -> check(name, alert, told));
            arrived += log.size();
            repeats += log.size() - got.size();
        }
        System.out.printf(
                "KillIT: %d kills, %d alerts, %d receivers, %d notices, %d deliveries, %d of them repeats%n",
                KILLS, fired.size(), sinks.size(), arrived - repeats, arrived, repeats);
    }

    private static void check(String receiver, String alert, List<Arrival> told) {
        assertThat(told.getFirst().status()).as("%s: first word on %s", receiver, alert).isEqualTo("firing");
        assertThat(told.getLast().status()).as("%s: last word on %s", receiver, alert).isEqualTo("resolved");
        for (String status : List.of("firing", "resolved")) {
            assertThat(told.stream().filter(a -> a.status().equals(status)).map(Arrival::noticeId).distinct())
                    .as("%s: %s of %s is one notice", receiver, status, alert)
                    .hasSize(1);
        }
        boolean ended = false;
        for (Arrival a : told) {
            ended |= a.status().equals("resolved");
            assertThat(ended && a.status().equals("firing") && !a.mayRepeat())
                    .as("%s: %s begins after its end", receiver, alert)
                    .isFalse();
        }
    }

    private static String name(RoughSink sink) {
        return sink.manner().name().toLowerCase(Locale.ROOT);
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

    private static int active(GatewatchProcess gatewatch) throws Exception {
        int active = 0;
        for (JsonNode alert : gatewatch.api("/alerts")) {
            if (!alert.get("state").asString().equals("resolved")) {
                active++;
            }
        }
        return active;
    }

    private static Map<String, List<JsonNode>> notices(GatewatchProcess gatewatch) throws Exception {
        var notices = new HashMap<String, List<JsonNode>>();
        for (JsonNode notice : gatewatch.api("/notices?limit=10000")) {
            notices.computeIfAbsent(notice.get("channel").asString(), _ -> new ArrayList<>()).add(notice);
        }
        return notices;
    }

    private String configuration(FlakyTarget target, List<RoughSink> sinks) {
        var probes = new StringBuilder();
        for (int i = 0; i < PROBES; i++) {
            probes.append("  - {name: p%d, type: http, url: \"%s\", interval: 1s, timeout: 900ms}\n"
                    .formatted(i, target.url("/p" + i)));
        }
        var channels = new StringBuilder();
        for (RoughSink sink : sinks) {
            channels.append("  - {name: %s, type: webhook, timeout: 500ms, url: \"%s\"}\n".formatted(name(sink), sink.url()));
        }
        String names = sinks.stream().map(KillIT::name).collect(Collectors.joining(", "));
        return """
                server: {listen: "@listen@"}
                store: {url: "sqlite:%s"}
                probes:
                %s
                rules:
                  - {name: down, when: {failures: 1}, calm_flapping: false, severity: critical}
                channels:
                %s
                routes:
                  - {channels: [%s], storm: 0}
                """
                .formatted(folder.resolve("gatewatch.db"), probes, channels, names);
    }
}
