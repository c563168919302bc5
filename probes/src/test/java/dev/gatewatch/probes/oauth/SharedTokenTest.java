package dev.gatewatch.probes.oauth;

import static dev.gatewatch.probes.oauth.Clients.evidence;
import static dev.gatewatch.probes.oauth.Clients.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.http.HttpProbeType;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The token that all probes of a client share. */
final class SharedTokenTest {
    private final FakeClock clock = new FakeClock();
    private TokenServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TokenServer().start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anHttpProbeSendsTheTokenAndTimesItApart() throws Exception {
        server.delay = Duration.ofMillis(50);
        server.serve("/api", request -> api(request.getHeaders().get("Authorization")));

        Report report = http(clients(Map.of()));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases().get("token")).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(report.toString()).doesNotContain("access-token-number");
    }

    @Test
    void tenRunsOfSeveralProbesAreOneTokenRequest() throws Exception {
        server.serve("/api", request -> api(request.getHeaders().get("Authorization")));
        OAuthClients clients = clients(Map.of());

        for (int i = 0; i < 10; i++) {
            assertThat(http(clients).outcome()).isEqualTo(Outcome.PASS);
        }

        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void aTokenThatIsRefusedOnceIsRenewedOnceAndTheRequestIsSentAgain() throws Exception {
        server.serve("/api", request -> api(request.getHeaders().get("Authorization")));
        OAuthClients clients = clients(Map.of());
        http(clients);
        server.active.clear(); // revoked before its time

        Report report = http(clients);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "token_retries")).isEqualTo(1L);
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void aSecondRefusalFails() throws Exception {
        var calls = new AtomicInteger();
        server.serve("/api", _ -> {
            calls.incrementAndGet();
            return server.json(401, "{}");
        });
        OAuthClients clients = clients(Map.of());

        Report report = http(clients);

        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.CREDENTIAL_REJECTED);
        assertThat(fact(report, "token_retries")).isEqualTo(1L);
        assertThat(calls).hasValue(2);
        assertThat(server.requests()).isEqualTo(2);
        assertThat(evidence(report)).contains("asked for another");
    }

    @Test
    void aTargetThatRefusesEveryTokenDoesNotMakeUsAskAtEveryRun() throws Exception {
        server.serve("/api", _ -> server.json(401, "{}"));
        OAuthClients clients = clients(Map.of());

        for (int i = 0; i < 10; i++) {
            http(clients);
        }

        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void manyCallersAtOnceAreOneRequest() throws Exception {
        server.delay = Duration.ofMillis(100);
        SharedToken shared = shared(Map.of());

        List<String> tokens = together(30, () -> shared.token(run()).reveal());

        assertThat(tokens).hasSize(30).containsOnly("access-token-number-1");
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void aCallerThatIsInterruptedOrOutOfTimeDoesNotSpoilItForTheOthers() throws Exception {
        var hold = new CountDownLatch(1);
        server.instead = _ -> {
            await(hold);
            return null;
        };
        SharedToken shared = shared(Map.of());
        var interrupted = new CompletableFuture<Throwable>();
        Thread first = Thread.ofVirtual().start(() -> {
            try {
                shared.token(run());
            } catch (Exception e) {
                interrupted.complete(e);
            }
        });
        Waiting.await().until(() -> server.requests() == 1);
        first.interrupt();
        var hurried = failure(() -> shared.token(Runs.run(Duration.ofMillis(50), clock)));
        var patient = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                patient.complete(shared.token(run()).reveal());
            } catch (Exception e) {
                patient.completeExceptionally(e);
            }
        });
        hold.countDown();

        assertThat(interrupted.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
        assertThat(hurried.failure().cause()).isEqualTo(Cause.TOKEN_ENDPOINT_DOWN);
        assertThat(hurried.failure().message()).contains("gave no token within 50ms");
        assertThat(patient.get(5, TimeUnit.SECONDS)).isEqualTo("access-token-number-1");
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void aTokenIsRenewedAheadOfItsEndWhileCallersGoOnWithTheOldOne() throws Exception {
        SharedToken shared = shared(Map.of("renew_ahead", "5m"));
        assertThat(shared.token(run()).reveal()).isEqualTo("access-token-number-1");
        clock.advance(Duration.ofMinutes(54));
        assertThat(shared.token(run()).reveal()).isEqualTo("access-token-number-1");
        var hold = new CountDownLatch(1);
        server.instead = _ -> {
            await(hold);
            return null;
        };
        clock.advance(Duration.ofMinutes(2));

        assertThat(shared.token(run()).reveal()).as("no waiting").isEqualTo("access-token-number-1");
        hold.countDown();

        Waiting.await().until(() -> shared.token(run()).reveal().equals("access-token-number-2"));
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void whileTheOldTokenIsGoodAFailedRenewalHurtsNobody() throws Exception {
        SharedToken shared = shared(Map.of("renew_ahead", "5m"));
        shared.token(run());
        server.instead = _ -> server.json(500, "{}");
        clock.advance(Duration.ofSeconds(3600 - 5)); // ends before the run's own deadline, so the run waits for the renewal

        assertThat(shared.token(run()).reveal()).isEqualTo("access-token-number-1");
        clock.advance(Duration.ofSeconds(5));

        assertThat(failure(() -> shared.token(run())).failure().cause()).isEqualTo(Cause.TOKEN_ENDPOINT_DOWN);
    }

    @Test
    void aFailureIsRememberedForAWhileThatGrows() throws Exception {
        server.instead = _ -> server.json(500, "{}");
        SharedToken shared = shared(Map.of());

        Failing first = failing(shared);
        Failing second = failing(shared);
        clock.advance(Duration.ofMillis(1100));
        failing(shared);
        clock.advance(Duration.ofMillis(1100));
        failing(shared);

        assertThat(first.message()).doesNotContain("ago");
        assertThat(second.message()).startsWith(first.message()).endsWith(" (1s ago; asked again in 1s at the earliest)");
        assertThat(server.requests()).isEqualTo(2);
        clock.advance(Duration.ofSeconds(1));
        server.instead = _ -> null;
        assertThat(shared.token(run()).reveal()).isEqualTo("access-token-number-1");
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        server.instead = _ -> new MockResponse.Builder().code(429).addHeader("Retry-After", "120").build();
        SharedToken shared = shared(Map.of());

        assertThat(failing(shared).cause()).isEqualTo(Cause.TOKEN_THROTTLED);
        clock.advance(Duration.ofSeconds(119));
        assertThat(failing(shared).message()).contains("asked again in 1s");
        assertThat(server.requests()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        failing(shared);
        assertThat(server.requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "2, 0, 2", "3, 0, 4", "7, 0, 60", "400, 0, 60", "1, 30, 30", "7, 30, 60", "1, 86400, 900"})
    void thePauseGrowsAndIsBounded(int inARow, int retryAfter, int seconds) {
        assertThat(SharedToken.pause(inARow, Optional.of(Duration.ofSeconds(retryAfter))))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void anUntoldLifetimeIsTakenForAnHour() throws Exception {
        server.instead = _ -> server.json(200, "{\"access_token\":\"t\"}");
        SharedToken shared = shared(Map.of());
        shared.token(run());
        clock.advance(Duration.ofMinutes(50));
        shared.token(run());
        assertThat(server.requests()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(11));
        shared.token(run());
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void aRefreshTokenIsUsedByOneRequestAtATimeAndEverySeriesRemembersTheLast() throws Exception {
        OAuthClients clients = Clients.section(Map.of(
                "shop",
                server.client(Map.of("grant", "refresh_token", "refresh_token", "first-refresh-token"))));
        SharedToken shared = clients.client("shop").orElseThrow();
        Memory one = Memory.fresh();
        Memory other = Memory.fresh();
        try (Probe probe = Clients.probe(new OAuthProbeType(), Map.of("client", "shop", "refresh", true), clients)) {
            List<Outcome> outcomes = together(5, () -> probe.run(Clients.run(Clock.systemUTC(), one)).outcome());
            assertThat(outcomes).containsOnly(Outcome.PASS);
        }
        shared.token(Clients.run(Clock.systemUTC(), other));
        shared.token(Clients.run(Clock.systemUTC(), one));

        assertThat(server.requests()).isEqualTo(11);
        assertThat(server.refreshable).containsExactly("refresh-token-number-11");
        assertThat(one.get("oauth.refresh.shop")).isPresent().isEqualTo(other.get("oauth.refresh.shop"));

        // the next daemon
        SharedToken again = Clients.section(Map.of(
                        "shop",
                        server.client(Map.of("grant", "refresh_token", "refresh_token", "first-refresh-token"))))
                .client("shop")
                .orElseThrow();
        again.token(Clients.run(Clock.systemUTC(), other));
        assertThat(server.asked.getLast().field("refresh_token")).isEqualTo("refresh-token-number-11");
    }

    private MockResponse api(@org.jspecify.annotations.Nullable String authorization) {
        boolean good = authorization != null && server.active.contains(authorization.replace("Bearer ", ""));
        return good ? server.json(200, "{}") : server.json(401, "{\"error\":\"invalid_token\"}");
    }

    private OAuthClients clients(Map<String, Object> over) {
        return Clients.section(Map.of("shop", server.client(over)));
    }

    private SharedToken shared(Map<String, Object> over) {
        return clients(over).client("shop").orElseThrow();
    }

    private Report http(OAuthClients clients) throws Exception {
        try (Probe probe = Clients.probe(
                new HttpProbeType(), Map.of("url", server.url("/api"), "auth", Map.of("oauth", "shop")), clients)) {
            return probe.run(Clients.run(Clock.systemUTC(), Memory.fresh()));
        }
    }

    private Run run() {
        return Clients.run(clock, Memory.fresh());
    }

    private record Failing(Cause cause, String message) {}

    private Failing failing(SharedToken shared) {
        var failure = failure(() -> shared.token(run())).failure();
        return new Failing(failure.cause(), failure.message());
    }

    private interface Call<T> {
        T get() throws Exception;
    }

    private static ProbeFailure failure(Call<?> call) {
        var seen = new ArrayList<ProbeFailure>();
        assertThatThrownBy(call::get).isInstanceOfSatisfying(ProbeFailure.class, seen::add);
        return seen.getFirst();
    }

    private static <T> List<T> together(int times, Call<T> call) throws Exception {
        var results = new ConcurrentLinkedQueue<T>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < times; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    results.add(call.get());
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(results);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
