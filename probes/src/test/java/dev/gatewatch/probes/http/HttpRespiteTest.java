package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Retry-After does to the runs that follow. */
final class HttpRespiteTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final MockWebServer server = new MockWebServer();
    private final Memory memory = Memory.fresh();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"429,rate_limited", "503,server_overloaded"})
    void aTargetThatAsksToBeLeftAloneIsLeftAloneAndTheVerdictStands(int status, String cause) throws Exception {
        server.enqueue(answer(status, "30"));
        server.enqueue(new MockResponse.Builder().body("ok").build());

        Report first = run(0, Map.of());
        Report held = run(29, Map.of());
        Report after = run(30, Map.of());
        Report next = run(31, Map.of());

        assertThat(first.message()).isEqualTo("status " + status + ", expected 2xx; retry after 30s");
        assertThat(held.cause().map(Cause::code)).contains(cause);
        assertThat(held.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(held.message())
                .isEqualTo("status " + status
                        + ", expected 2xx; retry after 30s; not asked again until 2026-03-01T12:00:30Z (Retry-After)");
        assertThat(fact(held, "held_back")).isEqualTo(true);
        assertThat(fact(held, "status")).isEqualTo((long) status);
        assertThat(fact(held, "retry_after")).isEqualTo(1L);
        assertThat(held.phases()).isEmpty();
        assertThat(after.outcome()).as(after.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(after, "held_back")).isEqualTo(false);
        assertThat(next.outcome()).as("the server has no third answer, so it was asked").isEqualTo(Outcome.FAIL);
        assertThat(memory.get("http.respite")).isEmpty();
    }

    @Test
    void aLongRespiteEndsAtTheLimit() throws Exception {
        server.enqueue(answer(429, "86400"));
        server.enqueue(new MockResponse.Builder().build());

        run(0, Map.of("retry_after_limit", "1m"));

        assertThat(run(59, Map.of("retry_after_limit", "1m")).message()).contains("until 2026-03-01T12:01:00Z");
        assertThat(run(60, Map.of("retry_after_limit", "1m")).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aLimitThatWasLoweredHoldsAtOnce() throws Exception {
        server.enqueue(answer(429, "3600"));
        server.enqueue(new MockResponse.Builder().build());

        run(0, Map.of());

        assertThat(run(1, Map.of("retry_after_limit", "1m")).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aProbeThatWasPointedElsewhereAsksAtOnce() throws Exception {
        server.enqueue(answer(429, "3600"));
        server.enqueue(new MockResponse.Builder().build());

        run(0, Map.of());

        assertThat(run(1, Map.of("url", server.url("/other").toString())).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aClockThatWasSetBackDoesNotSilenceTheProbe() throws Exception {
        server.enqueue(answer(429, "60"));
        server.enqueue(new MockResponse.Builder().build());

        run(0, Map.of());

        assertThat(run(-86_400, Map.of()).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void whoWantsNoneOfItAsksOn() throws Exception {
        server.enqueue(answer(503, "60"));
        server.enqueue(answer(503, "60"));

        run(0, Map.of("retry_after_limit", 0));

        assertThat(run(1, Map.of("retry_after_limit", 0)).message()).doesNotContain("not asked again");
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aLimitThatIsExpectedIsNoReasonToWait() throws Exception {
        server.enqueue(answer(429, "60"));
        server.enqueue(answer(429, "60"));
        Map<String, Object> negative = Map.of("expect", Map.of("status", 429));

        assertThat(run(0, negative).outcome()).isEqualTo(Outcome.PASS);
        assertThat(run(1, negative).outcome()).isEqualTo(Outcome.PASS);
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void whatAnotherVersionLeftIsPassedOver() throws Exception {
        memory.put("http.respite", "something else");
        server.enqueue(new MockResponse.Builder().build());

        assertThat(run(0, Map.of()).outcome()).isEqualTo(Outcome.PASS);
    }

    private Report run(int second, Map<String, ?> more) throws Exception {
        Clock clock = Clock.fixed(START.plusSeconds(second), ZoneOffset.UTC);
        try (Probe probe =
                Sections.probe(new HttpProbeType(), Probing.config(server.url("/").toString(), more))) {
            return probe.run(Runs.run(Duration.ofMillis(700), clock, memory));
        }
    }

    private static MockResponse answer(int status, String retryAfter) {
        return new MockResponse.Builder()
                .code(status)
                .setHeader("Retry-After", retryAfter)
                .build();
    }
}
