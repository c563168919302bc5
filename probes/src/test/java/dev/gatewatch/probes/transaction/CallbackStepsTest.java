package dev.gatewatch.probes.transaction;

import static dev.gatewatch.probes.transaction.Transactions.config;
import static dev.gatewatch.probes.transaction.Transactions.evidence;
import static dev.gatewatch.probes.transaction.Transactions.fact;
import static dev.gatewatch.probes.transaction.Transactions.run;
import static dev.gatewatch.probes.transaction.Transactions.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CallbackStepsTest {
    private static final String PAID = "{\"event\":\"payment.succeeded\",\"order\":\"o-1\"}";

    private final Queue<Thread> callers = new ConcurrentLinkedQueue<>();
    private Shop shop;

    @BeforeEach
    void open() throws Exception {
        shop = new Shop();
    }

    @AfterEach
    void close() throws Exception {
        for (Thread caller : callers) {
            caller.join();
        }
        shop.close();
    }

    private static Map<String, Object> pay() {
        return step("pay", "method", "POST", "path", "/payments", "json", Map.of("callback_url", "$(callback_url)", "order", "o-1"));
    }

    /** The payment is answered first, and called back from another thread. */
    private void callBackLater(Duration after, String body) {
        shop.on("POST /payments", request -> {
            String url = Shop.field(request, "callback_url");
            callers.add(Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(after);
                    shop.call(url, body);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }));
            return Shop.json(201, "{}");
        });
    }

    @Test
    void aCallbackIsAwaitedJudgedAndCaptured() throws Exception {
        callBackLater(Duration.ofMillis(50), PAID);
        shop.on("GET /orders/.*", 200, "{}");

        Report report = run(config(
                shop.url(),
                pay(),
                step(
                        "called",
                        "callback",
                        Map.of("wait", "10s", "late_after", "8s", "expect", Map.of("json", Map.of("$.event", "payment.succeeded"))),
                        "capture",
                        Map.of("order", "$.order")),
                step("check", "path", "/orders/$(order)")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(shop.lines()).endsWith("GET /orders/o-1");
        assertThat(fact(report, "callbacks")).isEqualTo(1L);
        assertThat((Double) report.facts().get("callback_seconds.called").value()).isBetween(0.05, 8.0);
    }

    @Test
    void aCallbackThatComesBeforeItsStepWaitsIsKept() throws Exception {
        shop.on("POST /payments", request -> {
                    // before the payment itself is answered
                    assertThat(shop.call(Shop.field(request, "callback_url"), PAID)).isEqualTo(200);
                    return Shop.json(201, "{}");
                })
                .on("GET /orders", 200, "{}");

        Report report = run(config(
                shop.url(), pay(), step("check", "path", "/orders"), step("called", "callback", Map.of("wait", "100ms", "expect", Map.of("body", "o-1")))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void noCallbackIsCallbackMissingAndCleansUp() throws Exception {
        shop.on("POST /payments", 201, "{}").on("DELETE /payments", 204, "");

        Report report = run(config(
                shop.url(),
                pay(),
                step("called", "callback", Map.of("wait", "200ms")),
                step("check", "path", "/orders"),
                step("refund", "method", "DELETE", "path", "/payments", "always", true)));

        assertThat(report.cause()).contains(Cause.CALLBACK_MISSING);
        assertThat(report.message())
                .matches("step \"called\" \\(2 of 4\\): no callback came within 2\\d\\dms, \\d+ms after step \"pay\"");
        assertThat(fact(report, "status")).as("of the last request").isEqualTo(201L);
        assertThat(fact(report, "step.check")).isEqualTo("skipped");
        assertThat(shop.lines()).endsWith("DELETE /payments");
    }

    @Test
    void theDeadlineBoundsTheWait() throws Exception {
        shop.on("POST /payments", 201, "{}");

        Report report = run(config(shop.url(), pay(), step("called", "callback", Map.of("wait", "1h"))), Duration.ofMillis(500));

        assertThat(report.cause()).contains(Cause.CALLBACK_MISSING);
    }

    @Test
    void aLateCallbackDegrades() throws Exception {
        callBackLater(Duration.ofMillis(120), PAID);

        Report report = run(config(shop.url(), pay(), step("called", "callback", Map.of("wait", "10s", "late_after", "100ms"))));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.CALLBACK_LATE);
        assertThat(report.message()).matches("step \"called\" \\(2 of 2\\): the callback came .+ after step \"pay\", expected within 100ms");
    }

    @Test
    void aCallbackWithTheWrongContentIsTold() throws Exception {
        callBackLater(Duration.ZERO, "{\"event\":\"payment.failed\"}");

        Report report = run(config(
                shop.url(), pay(), step("called", "callback", Map.of("expect", Map.of("json", Map.of("$.event", "payment.succeeded"))))));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).contains("the callback: $.event is \"payment.failed\", expected \"payment.succeeded\"");
        assertThat(evidence(report)).contains("called: callback");
    }

    @Test
    void aCallbackWithoutTheValueToCaptureIsTold() throws Exception {
        callBackLater(Duration.ZERO, PAID);

        Report report = run(config(shop.url(), pay(), step("called", "callback", Map.of(), "capture", Map.of("id", "$.payment_id"))));

        assertThat(report.cause()).contains(Cause.CAPTURE_MISSING);
    }

    @Test
    void severalCallbacksAreToldApartByMatchAndByName() throws Exception {
        shop.on("POST /payments", request -> {
            String url = Shop.field(request, "callback_url");
            shop.call(url, "{\"event\":\"refund.succeeded\"}");
            shop.call(url, PAID);
            shop.call(url, PAID);
            shop.call(Shop.field(request, "audit_url"), "audited");
            return Shop.json(201, "{}");
        });

        Report report = run(config(
                shop.url(),
                step("pay", "method", "POST", "path", "/payments", "json", Map.of("callback_url", "$(callback_url)", "audit_url", "$(callback_url.audit)")),
                step("paid", "callback", Map.of("match", Map.of("json", Map.of("$.event", "payment.succeeded")))),
                step("audited", "callback", Map.of("name", "audit", "expect", Map.of("body", "audited"))),
                step("refunded", "callback", Map.of("expect", Map.of("json", Map.of("$.event", "refund.succeeded"))))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "callbacks")).isEqualTo(4L);
        assertThat(fact(report, "callback_duplicates")).isEqualTo(1L);
    }

    @Test
    void callbacksThatDoNotMatchAreEvidenceOfTheMissingOne() throws Exception {
        callBackLater(Duration.ZERO, "{\"event\":\"ping\"}");

        Report report = run(config(
                shop.url(), pay(), step("called", "callback", Map.of("wait", "400ms", "match", Map.of("json", Map.of("$.event", "payment.succeeded"))))));

        assertThat(report.message()).contains("; 1 other that does not match came");
        assertThat(evidence(report)).contains("{\"event\":\"ping\"}");
    }

    @Test
    void theAddressIsASecretOfTheRun() throws Exception {
        var told = new ConcurrentLinkedQueue<String>();
        shop.on("POST /payments", request -> {
            told.add(Shop.field(request, "callback_url"));
            return Shop.json(400, Shop.body(request));
        });
        try (Probe probe = Transactions.probe(config(shop.url(), pay(), step("called", "callback", Map.of("wait", "100ms"))))) {
            String reports = Runs.once(probe, Transactions.AMPLE).toString() + Runs.once(probe, Transactions.AMPLE);

            assertThat(told).hasSize(2).doesNotHaveDuplicates();
            assertThat(told).allSatisfy(url -> assertThat(reports).doesNotContain(url.substring(url.lastIndexOf('/') + 1)));
            assertThat(told).allSatisfy(url -> assertThat(url).matches("http://127\\.0\\.0\\.1:\\d+/[A-Za-z0-9_-]{24}"));
        }
    }

    @Test
    void runsThatOverlapDoNotTakeEachOthersCallbacks() throws Exception {
        shop.on("POST /payments", request -> {
            String url = Shop.field(request, "callback_url");
            callers.add(Thread.ofVirtual().start(() -> shop.call(url, "{\"order\":\"" + Shop.field(request, "order") + "\"}")));
            return Shop.json(201, "{}");
        });
        Map<String, Object> config = Transactions.with(
                config(
                        shop.url(),
                        step("pay", "method", "POST", "path", "/payments", "json", Map.of("callback_url", "$(callback_url)", "order", "$(order)")),
                        step("called", "callback", Map.of("expect", Map.of("json", Map.of("$.order", "$(order)"))))),
                "generate",
                Map.of("order", "uuid"));
        try (Probe probe = Transactions.probe(config)) {
            List<CompletableFuture<Report>> reports = java.util.stream.IntStream.range(0, 8)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(() -> once(probe), Thread::startVirtualThread))
                    .toList();
            for (var report : reports) {
                assertThat(report.get(20, TimeUnit.SECONDS).outcome()).as(report.get().toString()).isEqualTo(Outcome.PASS);
            }
        }
    }

    private static Report once(Probe probe) {
        try {
            return Runs.once(probe, Transactions.AMPLE);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
