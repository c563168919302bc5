package dev.gatewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class ChangeTableTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ObjectNode change = JSON.createObjectNode()
            .put("id", "deploy-42")
            .put("state", "over")
            .put("beganAt", "2026-03-02T12:00:00Z")
            .put("endedAt", "2026-03-02T12:03:00Z")
            .put("watchedUntil", "2026-03-02T12:34:00Z");
    private final ArrayNode probes = change.putObject("comparison").put("verdict", "too_little_data").putArray("probes");

    private void probe(String name, String verdict, String reason) {
        ObjectNode probe = probes.addObject().put("probe", name).put("region", "eu").put("verdict", verdict);
        probe.putObject("latency").put("verdict", "same").put("before", 80).put("after", 80.4).put("change", 0.005).put("lower", -0.02).put("upper", 0.03);
        probe.putObject("errorRate").put("verdict", verdict).put("reason", reason).put("before", 0).put("after", 0);
    }

    private String shown() {
        return new ChangeTable(Ansi.OFF, ZoneOffset.UTC).of(change);
    }

    @Test
    void aReasonThatProbesInARowShareIsSaidOnceBelowThem() {
        probe("pay", "worse", "0% of runs failed before, 8.0% after");
        probe("card", "too_little_data", "12 runs after the change, 20 are needed");
        probe("refund", "too_little_data", "12 runs after the change, 20 are needed");
        probe("rates", "same", "");

        assertThat(shown()).isEqualTo(
                """
                deploy-42: too little data  all probes
                began 2026-03-02 12:00:00, took 3 min; the 31 min after it are compared

                PROBE       VERDICT          LATENCY            CHANGE (99% INTERVAL)   FAILURES
                pay @eu     worse            80.0 ms → 80.4 ms  +0.5% (-2.0% to +3.0%)  0% → 0%
                    failures: 0% of runs failed before, 8.0% after
                card @eu    too little data  80.0 ms → 80.4 ms  +0.5% (-2.0% to +3.0%)  0% → 0%
                refund @eu  too little data  80.0 ms → 80.4 ms  +0.5% (-2.0% to +3.0%)  0% → 0%
                    these 2: failures: 12 runs after the change, 20 are needed
                rates @eu   same             80.0 ms → 80.4 ms  +0.5% (-2.0% to +3.0%)  0% → 0%
                """);
    }

    @Test
    void timesAreInWordsOfTheirSize() {
        Instant noon = Instant.parse("2026-03-02T12:00:00Z");

        assertThat(ChangeTable.words(noon, noon.plusSeconds(119))).isEqualTo("119 s");
        assertThat(ChangeTable.words(noon, noon.plusSeconds(1_860))).isEqualTo("31 min");
        assertThat(ChangeTable.words(noon, noon.plusSeconds(7_200))).isEqualTo("2 h");
    }
}
