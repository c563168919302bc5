package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.it.NoticeSink.Arrival;
import dev.gatewatch.it.RoughSink.Manner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
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
 * Two hundred alerts, receivers of every bad manner, and a daemon that is killed ({@code kill -9}) at a hundred random moments. What is
 * checked in the end is what each receiver noted down: every beginning and every end at least once, in order, nothing as new twice,
 * nothing lost.
 */
@Order(2) // long, beside all others
class ChaosIT {
    private static final int KILLS = Integer.getInteger("chaos.kills", 100);
    private static final int PROBES = 12;

    @TempDir
    Path folder;

    @Test
    void whateverReceiversDoAndWheneverItIsKilledNothingIsLostAndAllIsToldInOrder() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ChaosIT: -Dseed=" + seed + " repeats this run");
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
                    for (int i = 0; i < PROBES; i++) {
                        if (random.nextInt(3) > 0) {
                            target.answer("/p" + i, random.nextBoolean() ? 500 : 200);
                        }
                    }
                    for (RoughSink sink : sinks) {
                        sink.turn();
                    }
                    // the moment itself is what is random here; nothing is awaited
                    LockSupport.parkNanos(random.nextInt(600) * 1_000_000L);
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
                Patience.await("all is healed and told").atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
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
                    .as("%s: no notice is lost", name)
                    .containsAll(notices.get(name).stream().map(n -> n.get("id").asLong()).toList());
            assertThat(log.stream().filter(a -> !a.mayRepeat()).map(Arrival::noticeId))
                    .as("%s: nothing is announced as new twice", name)
                    .doesNotHaveDuplicates();
            byAlert.forEach((alert, told) -> {
                assertThat(told.getFirst().status()).as("%s: first word on %s", name, alert).isEqualTo("firing");
                assertThat(told.getLast().status()).as("%s: last word on %s", name, alert).isEqualTo("resolved");
            });
            arrived += log.size();
            repeats += log.size() - got.size();
        }
        assertThat(fired).as("alerts that fired, seen by the API before or after a kill").hasSizeGreaterThan(KILLS);
        System.out.printf(
                "ChaosIT: %d kills, %d alerts seen, %d receivers, %d deliveries, %d of them repeats%n",
                KILLS, fired.size(), sinks.size(), arrived, repeats);
    }

    private static String name(RoughSink sink) {
        return sink.manner().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Set<String> fired(GatewatchProcess gatewatch) throws Exception {
        var ids = new HashSet<String>();
        for (JsonNode alert : gatewatch.api("/alerts")) {
            // what began a moment ago may not be decided about yet, and end before it is
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
        String names = sinks.stream().map(ChaosIT::name).collect(Collectors.joining(", "));
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
