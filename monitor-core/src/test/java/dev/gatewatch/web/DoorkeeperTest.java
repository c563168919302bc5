package dev.gatewatch.web;

import static dev.gatewatch.web.Client.basic;
import static dev.gatewatch.web.Client.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatewatch.kit.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DoorkeeperTest {
    private final FakeClock clock = new FakeClock();
    private final Doorkeeper doorkeeper = new Doorkeeper(
            List.of(
                    identity("ops", "correct horse", Role.OPERATOR),
                    identity("grafana", "t0ken-t0ken", Role.VIEWER)),
            new FailureLimiter(clock));

    static Stream<Arguments> known() {
        return Stream.of(
                Arguments.of(basic("ops", "correct horse"), Role.OPERATOR),
                Arguments.of("Bearer t0ken-t0ken", Role.VIEWER),
                Arguments.of("bearer  t0ken-t0ken ", Role.VIEWER),
                Arguments.of(basic("grafana", "t0ken-t0ken"), Role.VIEWER),
                Arguments.of("Bearer correct horse", Role.OPERATOR));
    }

    @ParameterizedTest
    @MethodSource("known")
    void knownCredentialsHaveTheirRole(String authorization, Role role) {
        assertThat(doorkeeper.admit(authorization, "10.0.0.1").role()).isEqualTo(role);
    }

    static Stream<String> unknown() {
        return Stream.of(
                basic("ops", "correct hors"),
                basic("ops", ""),
                basic("", "correct horse"),
                basic("grafana", "correct horse"),
                "Bearer ",
                "Bearer t0ken",
                "Basic !!!",
                "Basic",
                "",
                "Digest username=ops",
                "Bearer " + "x".repeat(8_000));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void otherCredentialsAreRefused(String authorization) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> doorkeeper.admit(authorization, "10.0.0.1"))
                .satisfies(r -> assertThat(r.status()).isEqualTo(401))
                .satisfies(r -> assertThat(r.headers().get("WWW-Authenticate")).startsWith("Basic realm="));
    }

    @Test
    void withoutIdentitiesEverybodyIsAnOperator() {
        assertThat(new Doorkeeper(List.of(), new FailureLimiter(clock)).admit(null, "127.0.0.1").role())
                .isEqualTo(Role.OPERATOR);
    }

    @Test
    void guessingIsSlowedDownForTheGuesserOnly() {
        for (int i = 0; i < FailureLimiter.BURST; i++) {
            assertStatus(401, "Bearer guess-" + i, "10.6.6.6");
        }

        assertStatus(429, "Bearer t0ken-t0ken", "10.6.6.6");
        assertThat(doorkeeper.admit("Bearer t0ken-t0ken", "10.0.0.1").role()).isEqualTo(Role.VIEWER);

        clock.advance(Duration.ofSeconds(6));
        assertThat(doorkeeper.admit("Bearer t0ken-t0ken", "10.6.6.6").role()).isEqualTo(Role.VIEWER);
        assertStatus(401, "Bearer guess", "10.6.6.6");
        assertStatus(429, "Bearer guess", "10.6.6.6");

        clock.advance(Duration.ofSeconds(61));
        for (int i = 0; i < FailureLimiter.BURST; i++) {
            assertStatus(401, "Bearer guess-" + i, "10.6.6.6");
        }
        assertStatus(429, "Bearer guess", "10.6.6.6");
    }

    @Test
    void comingWithoutCredentialsIsNotGuessing() {
        for (int i = 0; i < 100; i++) {
            assertStatus(401, null, "10.6.6.6");
        }
        assertThat(doorkeeper.admit("Bearer t0ken-t0ken", "10.6.6.6").role()).isEqualTo(Role.VIEWER);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, FailureLimiter.MOST + 500})
    void theMemoryForGuessersIsBounded(int guessers) {
        var limiter = new FailureLimiter(clock);
        for (int g = 0; g < guessers; g++) {
            for (int i = 0; i < FailureLimiter.BURST; i++) {
                limiter.failed("guesser-" + g);
            }
        }
        assertThat(limiter.mustWait("guesser-" + (guessers - 1))).isPresent();
        assertThat(limiter.mustWait("guesser-0").isPresent()).isEqualTo(guessers <= FailureLimiter.MOST);
    }

    private void assertStatus(int status, String authorization, String address) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> doorkeeper.admit(authorization, address))
                .satisfies(r -> assertThat(r.status()).isEqualTo(status));
    }
}
