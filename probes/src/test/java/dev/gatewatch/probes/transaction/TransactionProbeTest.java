package dev.gatewatch.probes.transaction;

import static dev.gatewatch.probes.transaction.Transactions.config;
import static dev.gatewatch.probes.transaction.Transactions.evidence;
import static dev.gatewatch.probes.transaction.Transactions.fact;
import static dev.gatewatch.probes.transaction.Transactions.run;
import static dev.gatewatch.probes.transaction.Transactions.step;
import static dev.gatewatch.probes.transaction.Transactions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TransactionProbeTest {
    private static final String ODD = "a b/c?d=e&f\"g\\h%i+j;é€";

    private Shop shop;

    @BeforeEach
    void open() throws Exception {
        shop = new Shop();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    @Test
    void aValueCapturedInTheFirstStepArrivesInTheThirdEncodedAsEachPlaceNeedsIt() throws Exception {
        shop.on("POST /orders", 201, "{\"id\":" + quoted(ODD) + "}")
                .on("GET /ping", 200, "{}")
                .on("POST /orders/.*", 200, "{}");

        Report report = run(config(
                shop.url() + "/",
                step("create", "method", "POST", "path", "/orders", "json", Map.of("total_amount", "1.00"), "capture", Map.of("id", "$.id")),
                step("ping", "path", "/ping"),
                step(
                        "pay",
                        "method",
                        "POST",
                        "path",
                        "/orders/$(id)/pay?ref=$(id)",
                        "headers",
                        Map.of("X-Order", "id=$(id)"),
                        "json",
                        Map.of("order", "$(id)", "note", "for $(id), $$(id)"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        HttpUrl url = shop.request(2).getUrl();
        assertThat(url.pathSegments()).containsExactly("orders", ODD, "pay");
        assertThat(url.queryParameter("ref")).isEqualTo(ODD);
        assertThat(shop.request(2).getHeaders().get("X-Order")).isEqualTo("id=" + ODD);
        assertThat(Shop.field(shop.request(2), "order")).isEqualTo(ODD);
        assertThat(Shop.field(shop.request(2), "note")).isEqualTo("for " + ODD + ", $(id)");
        assertThat(report.phases().keySet()).containsExactly("create", "ping", "pay");
        assertThat(fact(report, "step_status.create")).isEqualTo(201L);
        assertThat(fact(report, "step.pay")).isEqualTo("pass");
        assertThat(report.facts()).containsKeys("step_phase.pay.connect", "step_phase.pay.processing");
    }

    @Test
    void aMissingCaptureFailsItsStepSkipsTheNextAndCleansUpAllTheSame() throws Exception {
        shop.on("POST /orders", 201, "{\"number\":17}").on("DELETE /orders", 204, "");

        Report report = run(config(
                shop.url(),
                step("create", "method", "POST", "path", "/orders", "capture", Map.of("id", "$.id")),
                step("pay", "method", "POST", "path", "/orders/$(id)/pay"),
                step("check", "path", "/orders/$(id)"),
                step("cancel", "method", "DELETE", "path", "/orders", "always", true),
                step("undo", "method", "DELETE", "path", "/orders/$(id)", "always", true)));

        assertThat(report.cause()).contains(Cause.CAPTURE_MISSING);
        assertThat(report.message())
                .isEqualTo("step \"create\" (1 of 5): $.id in the body gives no value for $(id) (status 201, 13 bytes of application/json)");
        assertThat(shop.lines()).containsExactly("POST /orders", "DELETE /orders");
        assertThat(fact(report, "step.pay")).isEqualTo("skipped");
        assertThat(fact(report, "step.check")).isEqualTo("skipped");
        assertThat(fact(report, "step.cancel")).isEqualTo("pass");
        assertThat(fact(report, "step.undo")).isEqualTo("skipped");
        assertThat(fact(report, "steps_skipped")).isEqualTo(3L);
        assertThat(fact(report, "failed_step")).isEqualTo("create");
        assertThat(fact(report, "status")).as("of the failed step, not of the clean-up").isEqualTo(201L);
        assertThat(evidence(report)).contains("create: fail in", "pay: skipped", "undo: nothing to clean up: $(id) was never captured");
    }

    @Test
    void theGatewaysRefusalIsTheCauseWithFieldAndRequestId() throws Exception {
        shop.on("POST /payments", 400, "{\"code\":\"PAYMENT_VALIDATION_FAILED\",\"message\":\"missing\",\"field\":\"total_amount\"}");

        Report report = run(config(
                shop.url(),
                step("pay", "method", "POST", "path", "/payments", "json", Map.of("currency", "EUR")),
                step("check", "path", "/payments")));

        assertThat(report.cause()).contains(Cause.REQUEST_INVALID);
        assertThat(report.message())
                .startsWith("step \"pay\" (1 of 2): status 400, expected 2xx: PAYMENT_VALIDATION_FAILED")
                .contains("total_amount");
        assertThat(evidence(report)).contains("pay: response");
    }

    @Test
    void whatMustBeRefusedPassesWhenItIs() throws Exception {
        shop.on("POST /payments", 400, "{\"code\":\"PAYMENT_VALIDATION_FAILED\"}");

        Report report = run(config(
                shop.url(), step("no amount", "name", "no-amount", "method", "POST", "path", "/payments", "must_be_refused", true)));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void whatMustBeRefusedFailsWhenItIsAccepted() throws Exception {
        shop.on("POST /payments", 201, "{\"id\":\"p1\"}").on("DELETE /payments/p1", 204, "");

        Report report = run(config(
                shop.url(),
                step("no-amount", "method", "POST", "path", "/payments", "must_be_refused", true, "capture", Map.of("id", "$.id")),
                step("undo", "method", "DELETE", "path", "/payments/$(id)", "always", true)));

        assertThat(report.cause()).contains(Cause.HTTP_STATUS);
        assertThat(report.message()).isEqualTo("step \"no-amount\" (1 of 2): accepted with status 201 although it must be refused");
        assertThat(shop.lines()).as("what was accepted by mistake is undone").endsWith("DELETE /payments/p1");
    }

    @ParameterizedTest
    @CsvSource({"429,RATE_LIMITED", "500,HTTP_STATUS", "503,SERVER_OVERLOADED"})
    void otherTroubleIsNoRefusal(int status, Cause cause) throws Exception {
        shop.on("POST /payments", status, "{}");

        Report report = run(config(shop.url(), step("no-amount", "method", "POST", "path", "/payments", "must_be_refused", true)));

        assertThat(report.cause()).contains(cause);
    }

    @Test
    void aRefusalWithTheWrongStatusIsTold() throws Exception {
        shop.on("POST /payments", 404, "{}");

        Report report = run(config(
                shop.url(),
                step("no-amount", "method", "POST", "path", "/payments", "must_be_refused", true, "expect", Map.of("status", 400))));

        assertThat(report.message()).contains("status 404, expected 400");
    }

    @Test
    void anOrderIsPolledUntilItIsPaid() throws Exception {
        shop.on("GET /orders/1", _ -> Shop.json(200, "{\"status\":\"" + (shop.next() < 4 ? "pending" : "paid") + "\",\"receipt\":\"r-9\"}"))
                .on("GET /receipts/r-9", 200, "{}");

        Report report = run(config(
                shop.url(),
                step(
                        "settled",
                        "path",
                        "/orders/1",
                        "poll",
                        Map.of("every", "50ms", "until", Map.of("json", Map.of("$.status", "paid"))),
                        "capture",
                        Map.of("receipt", "$.receipt")),
                step("receipt", "path", "/receipts/$(receipt)")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "step_requests.settled")).isEqualTo(4L);
    }

    @Test
    void anOrderThatStaysPendingIsStuck() throws Exception {
        shop.on("GET /orders/1", 200, "{\"status\":\"pending\"}");

        Report report = run(config(
                shop.url(),
                step("settled", "path", "/orders/1", "poll", Map.of("every", "50ms", "for", "300ms", "until", Map.of("json", Map.of("$.status", "paid"))))));

        assertThat(report.cause()).contains(Cause.ORDER_STUCK);
        assertThat(report.message())
                .matches("step \"settled\" \\(1 of 1\\): after \\d+ms and \\d requests still not as wanted: \\$\\.status is \"pending\", expected \"paid\"");
        assertThat(evidence(report)).contains("pending");
    }

    private void saysPendingOnceAndThenHangs() {
        shop.on("GET /orders/1", _ -> {
            var answer = Shop.json(200, "{\"status\":\"pending\"}").newBuilder();
            return (shop.next() == 1 ? answer : answer.headersDelay(5, TimeUnit.SECONDS)).build();
        });
    }

    /** Polls every 50 ms until it is paid. */
    private Report settled(String timeout, String atMost) throws Exception {
        return run(config(
                shop.url(),
                step(
                        "settled",
                        "path",
                        "/orders/1",
                        "timeout",
                        timeout,
                        "poll",
                        Map.of("every", "50ms", "for", atMost, "until", Map.of("json", Map.of("$.status", "paid"))))));
    }

    @Test
    void anOrderIsStuckAlsoWhereTheDeadlineEndsTheWaitAndAnAnswerIsUnderWay() throws Exception {
        saysPendingOnceAndThenHangs();

        Report report = run(
                config(shop.url(), step("settled", "path", "/orders/1", "poll", Map.of("every", "50ms", "until", Map.of("json", Map.of("$.status", "paid"))))),
                Duration.ofSeconds(2));

        assertThat(report.cause()).contains(Cause.ORDER_STUCK);
        assertThat(report.message()).contains("$.status is \"pending\", expected \"paid\"");
    }

    @Test
    void anOrderIsStuckAlsoWhereTheAnswerUnderWayIsGivenUpALittleBeforeTheEnd() throws Exception {
        saysPendingOnceAndThenHangs();

        Report report = settled("920ms", "1s");

        assertThat(report.cause()).contains(Cause.ORDER_STUCK);
    }

    @Test
    void anAnswerThatIsNotWaitedForToTheEndIsLateByItself() throws Exception {
        saysPendingOnceAndThenHangs();

        Report report = settled("300ms", "1m");

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
    }

    @Test
    void anOrderIsAskedForOnceMoreAtTheEndOfItsTime() throws Exception {
        shop.on("GET /orders/1", _ -> Shop.json(200, "{\"status\":\"" + (shop.next() < 2 ? "pending" : "paid") + "\"}"));

        Report report = run(config(
                shop.url(),
                step("settled", "path", "/orders/1", "poll", Map.of("every", "1h", "for", "200ms", "until", Map.of("json", Map.of("$.status", "paid"))))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases().get("settled")).isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    @Test
    void anOrderThatFailedIsNotWaitedFor() throws Exception {
        shop.on("GET /orders/1", _ -> Shop.json(200, "{\"status\":\"" + (shop.next() < 2 ? "pending" : "cancelled") + "\"}"));

        Report report = run(config(
                shop.url(),
                step(
                        "settled",
                        "path",
                        "/orders/1",
                        "poll",
                        Map.of(
                                "every",
                                "50ms",
                                "until",
                                Map.of("json", Map.of("$.status", "paid")),
                                "fail_on",
                                List.of(Map.of("json", Map.of("$.status", "failed")), Map.of("json", Map.of("$.status", "cancelled")))))));

        assertThat(report.cause()).contains(Cause.ORDER_STUCK);
        assertThat(report.message()).contains("2 requests rules out what is waited for: $.status is \"cancelled\", expected \"paid\"");
    }

    @Test
    void pollingEndsAtOnceWhenTheTargetFails() throws Exception {
        shop.on("GET /orders/1", 500, "{}");

        Report report = run(config(
                shop.url(), step("settled", "path", "/orders/1", "poll", Map.of("every", "50ms", "until", Map.of("json", Map.of("$.status", "paid"))))));

        assertThat(report.cause()).contains(Cause.HTTP_STATUS);
        assertThat(shop.lines()).hasSize(1);
    }

    @Test
    void cookiesAreKeptFromStepToStepAndForgottenAfterTheRun() throws Exception {
        shop.on("POST /login", _ -> Shop.json(200, "{}").newBuilder().addHeader("Set-Cookie", "sid=s-1; Path=/").build())
                .on("GET /me/.*", 200, "{}");
        try (Probe probe = Transactions.probe(config(
                shop.url(),
                step("login", "method", "POST", "path", "/login", "capture", Map.of("sid", Map.of("cookie", "sid", "secret", true))),
                step("me", "path", "/me/$(sid)")))) {
            Report first = Runs.once(probe, Transactions.AMPLE);
            Runs.once(probe, Transactions.AMPLE);

            assertThat(first.outcome()).as(first.toString()).isEqualTo(Outcome.PASS);
        }
        assertThat(shop.request(1).getHeaders().get("Cookie")).isEqualTo("sid=s-1");
        assertThat(shop.request(1).getTarget()).isEqualTo("/me/s-1");
        assertThat(shop.request(2).getHeaders().get("Cookie")).as("of the second run's first request").isNull();
    }

    @Test
    void runsThatOverlapShareNeitherVariablesNorCookies() throws Exception {
        int runs = 8;
        var allCreated = new CountDownLatch(runs);
        shop.on("POST /orders", r -> {
                    String id = "o" + shop.next();
                    allCreated.countDown();
                    return Shop.json(201, "{\"id\":\"" + id + "\",\"ref\":\"" + Shop.field(r, "ref") + "\"}")
                            .newBuilder()
                            .addHeader("Set-Cookie", "order=" + id)
                            .build();
                })
                .on("GET /orders/.*", r -> {
                    await(allCreated);
                    String id = r.getUrl().pathSegments().getLast();
                    boolean own = ("order=" + id).equals(r.getHeaders().get("Cookie"));
                    return Shop.json(own ? 200 : 409, "{}");
                });
        try (Probe probe = Transactions.probe(with(
                config(
                        shop.url(),
                        step(
                                "create",
                                "method",
                                "POST",
                                "path",
                                "/orders",
                                "json",
                                Map.of("ref", "$(ref)"),
                                "expect",
                                Map.of("json", Map.of("$.ref", "$(ref)")),
                                "capture",
                                Map.of("id", "$.id")),
                        step("check", "path", "/orders/$(id)")),
                "generate",
                Map.of("ref", "uuid")))) {
            var reports = new ArrayList<CompletableFuture<Report>>();
            for (int i = 0; i < runs; i++) {
                reports.add(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return Runs.once(probe, Transactions.AMPLE);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Thread::startVirtualThread));
            }
            for (var report : reports) {
                assertThat(report.get(20, TimeUnit.SECONDS).outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFailedCleanUpDegradesAndNeverHidesTheFailure() throws Exception {
        shop.on("POST /orders", 201, "{}").on("DELETE /orders", 500, "{}").on("POST /broken", 500, "{}");
        Map<String, Object> cleanUp = step("cancel", "method", "DELETE", "path", "/orders", "always", true);

        Report alone = run(config(shop.url(), step("create", "method", "POST", "path", "/orders"), cleanUp));
        Report besideFailure = run(config(shop.url(), step("create", "method", "POST", "path", "/broken"), cleanUp));

        assertThat(alone.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(alone.message()).startsWith("step \"cancel\" (2 of 2): status 500");
        assertThat(fact(alone, "cleanup_failed")).isEqualTo(1L);
        assertThat(besideFailure.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(besideFailure.message()).startsWith("step \"create\"");
        assertThat(evidence(besideFailure)).contains("step \"cancel\" (2 of 2): status 500");
    }

    @Test
    void cleanUpHasItsShareOfTheTimeWhenAStepHangs() throws Exception {
        shop.on("POST /orders", _ -> Shop.json(201, "{}").newBuilder().headersDelay(10, TimeUnit.SECONDS).build())
                .on("DELETE /orders", 204, "");

        Report report = run(
                with(
                        config(
                                shop.url(),
                                step("create", "method", "POST", "path", "/orders"),
                                step("cancel", "method", "DELETE", "path", "/orders", "always", true)),
                        "cleanup_reserve",
                        "50%"),
                Duration.ofMillis(1600));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(report.message()).matches("step \"create\" \\(1 of 2\\): no response within ([1-7]\\d\\d|800)ms.*");
        assertThat(fact(report, "step.cancel")).isEqualTo("pass");
    }

    @Test
    void aStepsOwnTimeOutEndsItAndLeavesTimeForOthers() throws Exception {
        shop.on("GET /slow", _ -> Shop.json(200, "{}").newBuilder().headersDelay(10, TimeUnit.SECONDS).build());

        Report report = run(config(shop.url(), step("slow", "path", "/slow", "timeout", "200ms"), step("next", "path", "/next")));

        assertThat(report.message()).startsWith("step \"slow\" (1 of 2): no response within 200ms");
        assertThat(report.phases().get("slow")).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aTargetThatIsNotThereIsTheCauseOfTheFirstStep() throws Exception {
        int port;
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }

        Report report = run(config("http://127.0.0.1:" + port, step("create", "path", "/orders"), step("pay", "path", "/pay")));

        assertThat(report.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(report.message()).startsWith("step \"create\" (1 of 2): 127.0.0.1:" + port + " refused");
        assertThat(fact(report, "status")).isEqualTo(0L);
    }

    @Test
    void valuesAreGeneratedAnewForEachRun() throws Exception {
        shop.on("POST /orders", 201, "{}");
        var clock = new FakeClock();
        Memory memory = Memory.fresh();
        try (Probe probe = Transactions.probe(with(
                config(
                        shop.url(),
                        step(
                                "create",
                                "method",
                                "POST",
                                "path",
                                "/orders",
                                "json",
                                Map.of(
                                        "id", "$(id)", "at", "$(at)", "stamp", "$(stamp)", "day", "$(day)", "amount", "$(amount)", "n",
                                        "$(n|json)", "nonce", "$(nonce)", "no", "$(no)"))),
                "generate",
                Map.of(
                        "id", "uuid",
                        "at", "now",
                        "stamp", Map.of("now", Map.of("format", "unix", "offset", "-1h")),
                        "day", Map.of("now", Map.of("format", "yyyyMMdd HH:mm", "zone", "Asia/Shanghai")),
                        "amount", Map.of("amount", Map.of("min", "0.50", "max", 2)),
                        "n", Map.of("integer", Map.of("min", -3, "max", 3)),
                        "nonce", Map.of("text", Map.of("length", 20, "alphabet", "hex")),
                        "no", "sequence")))) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                Report report = probe.run(Runs.run(Transactions.AMPLE, clock, memory));

                assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
                var sent = shop.request(i);
                ids.add(Shop.field(sent, "id"));
                assertThat(Shop.field(sent, "at")).isEqualTo("2026-03-02T12:00:00Z");
                assertThat(Shop.field(sent, "stamp")).isEqualTo(String.valueOf(FakeClock.START.getEpochSecond() - 3600));
                assertThat(Shop.field(sent, "day")).isEqualTo("20260302 20:00");
                assertThat(Shop.field(sent, "amount")).matches("[012]\\.\\d\\d");
                assertThat(Double.parseDouble(Shop.field(sent, "amount"))).isBetween(0.5, 2.0);
                assertThat(Shop.body(sent)).containsPattern("\"n\":-?[0-3][,}]");
                assertThat(Shop.field(sent, "nonce")).matches("[0-9a-f]{20}");
                assertThat(Shop.field(sent, "no")).isEqualTo(String.valueOf(i + 1));
            }
            assertThat(ids).hasSize(20);
        }
    }

    @Test
    void aRequestIsSignedOverItsMethodPathAndBody() throws Exception {
        shop.on("POST /v1/pay", 200, "{}");

        Report report = run(with(
                config(
                        shop.url() + "/v1",
                        step(
                                "pay",
                                "method",
                                "POST",
                                "path",
                                "/pay?x=1",
                                "form",
                                Map.of("note", "a&b c"),
                                "generate",
                                Map.of("ts", Map.of("now", Map.of("format", "unix"))),
                                "sign",
                                Map.of(
                                        "signature",
                                        Map.of(
                                                "key", new Secret("k3y-of-the-shop"),
                                                "over", "$(request_method)\n$(request_path)\n$(ts)\n$(request_body)",
                                                "output", "base64"),
                                        "digest",
                                        Map.of("algorithm", "md5", "over", "$(request_body)$(pepper)", "output", "hex_upper")),
                                "headers",
                                Map.of("X-Signature", "v1=$(signature)", "X-Time", "$(ts)", "X-Digest", "$(digest)"))),
                "variables",
                Map.of("pepper", new Secret("p3pp3r"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        var sent = shop.request(0);
        assertThat(Shop.body(sent)).isEqualTo("note=a%26b%20c");
        assertThat(sent.getHeaders().get("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("k3y-of-the-shop".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String over = "POST\n/v1/pay?x=1\n" + sent.getHeaders().get("X-Time") + "\nnote=a%26b%20c";
        assertThat(sent.getHeaders().get("X-Signature"))
                .isEqualTo("v1=" + Base64.getEncoder().encodeToString(mac.doFinal(over.getBytes(StandardCharsets.UTF_8))));
        byte[] md5 = java.security.MessageDigest.getInstance("MD5").digest("note=a%26b%20cp3pp3r".getBytes(StandardCharsets.UTF_8));
        assertThat(sent.getHeaders().get("X-Digest")).isEqualTo(HexFormat.of().withUpperCase().formatHex(md5));
    }

    @Test
    void capturesComeFromHeadersCookiesAndExpressionsWithDefaults() throws Exception {
        shop.on("POST /orders", _ -> Shop.json(201, "{\"links\":{\"self\":\"/orders/77\"}}")
                        .newBuilder()
                        .addHeader("Location", "/orders/77?token=t-1")
                        .build())
                .on("GET /.*", 200, "{}");

        Report report = run(config(
                shop.url(),
                step(
                        "create",
                        "method",
                        "POST",
                        "path",
                        "/orders",
                        "capture",
                        Map.of(
                                "token", Map.of("header", "location", "regex", "token=([a-z0-9-]+)"),
                                "id", Map.of("regex", "/orders/(\\d+)"),
                                "self", Map.of("json", "$.links.self"),
                                "coupon", Map.of("json", "$.coupon", "default", "none"))),
                step("check", "path", "/$(id)/$(token)/$(coupon)?from=$(self|raw)")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(shop.lines()).endsWith("GET /77/t-1/none?from=/orders/77");
    }

    @Test
    void aLinkThatThePeerGaveIsFollowedWithoutCredentialsToAnotherOrigin() throws Exception {
        try (var other = new Shop()) {
            other.on("GET /page", 200, "{}");
            shop.on("POST /orders", 201, "{\"page\":\"" + other.url() + "/page\",\"self\":\"" + shop.url() + "/self\"}")
                    .on("GET /self", 200, "{}");

            Report report = run(with(
                    with(
                            config(
                                    shop.url(),
                                    step("create", "method", "POST", "path", "/orders", "capture", Map.of("page", "$.page", "self", "$.self")),
                                    step("page", "url", "$(page)"),
                                    step("self", "url", "$(self)")),
                            "auth",
                            Map.of("bearer", new Secret("t0ken-of-ours"))),
                    "headers",
                    Map.of("X-Api-Key", new Secret("k3y"))));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(other.request(0).getHeaders().get("Authorization")).isNull();
            assertThat(other.request(0).getHeaders().get("X-Api-Key")).isNull();
            assertThat(shop.request(1).getHeaders().get("Authorization")).isEqualTo("Bearer t0ken-of-ours");
        }
    }

    @Test
    void aTokenThatAStepGotIsUsedAndNeverShown() throws Exception {
        String token = "t0k3n-Wq81nLz";
        shop.on("POST /token", 200, "{\"access_token\":\"" + token + "\"}")
                .on("GET /orders", r -> Shop.json(403, "{\"code\":\"NO\",\"message\":\"not with " + r.getHeaders().get("Authorization") + "\"}"));

        Report report = run(config(
                shop.url(),
                step("token", "method", "POST", "path", "/token", "capture", Map.of("token", Map.of("json", "$.access_token", "secret", true))),
                step("orders", "path", "/orders?t=$(token)", "auth", Map.of("bearer", "$(token)"))));

        assertThat(shop.request(1).getHeaders().get("Authorization")).isEqualTo("Bearer " + token);
        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.toString()).doesNotContain(token).contains("<secret>");
    }

    @Test
    void aSecretInTheBaseUrlIsNeverShown() throws Exception {
        String secret = "t3nant-Zk81qLp";
        shop.on("GET .*", r -> Shop.json(404, "{\"code\":\"NO\",\"message\":\"nothing at " + r.getUrl().encodedPath() + "\"}"));

        Report report = run(config(shop.url() + "/" + secret, step("orders", "path", "/orders"))
                .entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getKey().equals("base_url") ? new dev.gatewatch.config.Secret(e.getValue().toString()) : e.getValue())));

        assertThat(shop.lines()).containsExactly("GET /" + secret + "/orders");
        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.toString()).doesNotContain(secret).contains("<secret>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\\r\\nX-Injected: 1", "x\\u0000"})
    void aCapturedValueCannotWriteHeadersOfItsOwn(String value) throws Exception {
        shop.on("POST /orders", 201, "{\"id\":\"" + value + "\"}").on("GET /.*", 200, "{}");

        Report report = run(config(
                shop.url(),
                step("create", "method", "POST", "path", "/orders", "capture", Map.of("id", "$.id")),
                step("check", "path", "/check", "headers", Map.of("X-Id", "$(id)"))));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).contains("step \"check\" (2 of 2): the value of $(id) has a line break or control character");
        assertThat(shop.lines()).containsExactly("POST /orders");
    }

    @Test
    void aCapturedValueCannotClimbOutOfItsPath() throws Exception {
        shop.on("POST /orders", 201, "{\"id\":\"..\"}").on("DELETE .*", 204, "");

        Report report = run(config(
                shop.url(),
                step("create", "method", "POST", "path", "/orders", "capture", Map.of("id", "$.id")),
                step("cancel", "method", "DELETE", "path", "/orders/$(id)", "always", true)));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(shop.lines()).containsExactly("POST /orders");
    }

    @Test
    void aBodyWrittenAsTextTakesValuesAsTheyAreOrQuoted() throws Exception {
        shop.on("POST /xml", 200, "{\"v\": \"a\\\"b\"}").on("POST /text", 200, "{}");

        run(config(
                shop.url(),
                step("one", "method", "POST", "path", "/xml", "body", "<a/>", "headers", Map.of("Content-Type", "text/xml"), "capture", Map.of("v", "$.v")),
                step("two", "method", "POST", "path", "/text", "body", "{\"a\": $(v|quoted), \"b\": \"$(v|base64)\", \"c\": $(v|url)}")));

        assertThat(shop.request(0).getHeaders().get("Content-Type")).isEqualTo("text/xml");
        assertThat(Shop.body(shop.request(1))).isEqualTo("{\"a\": \"a\\\"b\", \"b\": \"YSJi\", \"c\": a%22b}");
    }

    @Test
    void aHostileAnswerOfManyCapturesEndsWithinTheDeadline() throws Exception {
        shop.on("GET /big", _ -> new MockResponse.Builder().code(200).body("x".repeat(900_000)).build());

        Report report = run(
                config(shop.url(), step("big", "path", "/big", "capture", Map.of("v", Map.of("regex", "(x+x+)+y")))), Duration.ofSeconds(2));

        assertThat(report.outcome()).isIn(Outcome.FAIL, Outcome.BROKEN);
    }
}
