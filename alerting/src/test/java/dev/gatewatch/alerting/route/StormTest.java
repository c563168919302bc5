package dev.gatewatch.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten thousand things at once, and what a person hears of it. */
class StormTest {
    private static final int MANY = 10_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Map<String, Object> OPS = Map.of("channels", "ops");

    /** The most messages within any hour. */
    private static int worstHour(Town town) {
        return town.messages.stream()
                .mapToInt(first -> (int) town.messages.stream()
                        .filter(m -> m.at().compareTo(first.at()) >= 0 && m.at().minus(first.at()).compareTo(HOUR) < 0)
                        .count())
                .max()
                .orElse(0);
    }

    @Test
    void tenThousandAtOnceAreAFewMessagesThatNameAll() {
        Town town = Town.of(OPS);
        town.tick = Duration.ofSeconds(5);
        for (int i = 0; i < MANY; i++) {
            town.fire("p" + i);
        }
        town.pass(Duration.ofMinutes(20));
        assertThat(town.holds("ops")).hasSize(MANY);
        for (int i = 0; i < MANY; i++) {
            town.heal("p" + i);
        }
        town.pass(Duration.ofMinutes(10));
        for (int i = 0; i < MANY; i++) {
            town.fire("p" + i);
        }
        town.pass(Duration.ofMinutes(5));
        assertThat(town.holds("ops")).hasSize(MANY);
        for (int i = 0; i < MANY; i++) {
            town.heal("p" + i);
        }
        town.pass(Duration.ofMinutes(10));

        System.out.println("two storms of " + MANY + ": " + town.messages.size() + " messages, slowest decision " + town.slowest.toMillis() + " ms");
        assertThat(town.holds("ops")).isEmpty();
        assertThat(town.messages.size()).isLessThan(10);
        assertThat(town.messages.getFirst().says()).hasSize(MANY).allMatch(line -> line.endsWith("FIRING storm"));
        assertThat(town.pass(HOUR).kept()).isZero();
    }

    @Test
    void tenThousandWithinAMinuteAreFewMessagesToo() {
        Town town = Town.of(OPS);
        var random = new Random(1);
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < MANY / 60; i++) {
                town.fire("p" + second + "-" + i, Severity.values()[random.nextInt(3)], Map.of());
            }
            town.pass(Duration.ofSeconds(1));
        }
        town.tick = Duration.ofSeconds(5);
        town.pass(HOUR);

        assertThat(town.holds("ops")).hasSize(MANY / 60 * 60);
        assertThat(worstHour(town)).isLessThan(10);
    }

    @Test
    void aStormInWhichAllComesAndGoesStaysFewMessages() {
        Town town = Town.of(OPS);
        int many = 1_000;
        for (int cycle = 0; cycle < 40; cycle++) {
            boolean fires = cycle % 2 == 0;
            IntStream.range(0, many).forEach(i -> {
                if (fires) {
                    town.fire("p" + i);
                } else {
                    town.heal("p" + i);
                }
            });
            town.pass(Duration.ofMinutes(2));
        }
        town.pass(Duration.ofMinutes(10));

        assertThat(town.holds("ops")).isEmpty();
        assertThat(worstHour(town)).isLessThan(100);
        System.out.println("a storm that comes and goes: " + worstHour(town) + " messages in its worst hour");
    }

    /** Each lasts a moment only, so never many fire at once. */
    @Test
    void manyShortOnesAreAStormToo() {
        Town town = Town.of(OPS);
        for (int second = 0; second < 3_600; second++) {
            if (second >= 20 && second % 2 == 0) {
                town.heal("p" + (second - 20));
            }
            if (second % 2 == 0) {
                town.fire("p" + second);
            }
            town.pass(Duration.ofSeconds(1));
        }
        for (int second = 3_580; second < 3_600; second += 2) {
            town.heal("p" + second);
        }
        town.pass(Duration.ofMinutes(10));

        assertThat(town.holds("ops")).isEmpty();
        assertThat(worstHour(town)).isLessThan(100);
        System.out.println("1,800 short alerts an hour: " + worstHour(town) + " messages in the worst hour");
    }

    @Test
    void stormsWithPausesStayBelowAHundredMessagesAnHour() {
        for (int pause : new int[] {3, 7, 12, 20}) {
            Town town = Town.of(OPS);
            for (int storm = 0; storm * (pause + 2) < 150; storm++) {
                IntStream.range(0, 200).forEach(i -> town.fire("p" + i));
                town.pass(Duration.ofMinutes(2));
                IntStream.range(0, 200).forEach(i -> town.heal("p" + i));
                town.pass(Duration.ofMinutes(pause));
            }
            assertThat(worstHour(town)).as("a storm every %s minutes", pause + 2).isLessThan(100);
        }
    }

    @Test
    void tenThingsAtOnceAreNoStorm() {
        Town town = Town.of(OPS);
        IntStream.range(0, Grouping.DEFAULT.calm()).forEach(i -> town.fire("p" + i));
        town.pass(Duration.ofSeconds(1));

        assertThat(town.messages).hasSize(10).allMatch(m -> m.says().size() == 1);
    }

    @Test
    void aProgramMayWantNoStorms() {
        Town town = Town.of(Map.of("channels", List.of("ops"), "continue", true), Map.of("channels", "hook", "storm", 0));
        IntStream.range(0, 100).forEach(i -> town.fire("p" + i));
        town.pass(Duration.ofSeconds(20));

        assertThat(town.messages.stream().filter(m -> m.channel().equals("hook"))).hasSize(100);
        assertThat(town.messages.stream().filter(m -> m.channel().equals("ops"))).hasSize(1);
    }

    @Test
    void whatIsGraverThanTheStormIsToldWithinAMinute() {
        Town town = Town.of(OPS);
        IntStream.range(0, 50).forEach(i -> town.fire("p" + i, Severity.WARNING, Map.of()));
        town.pass(Duration.ofMinutes(4)).fire("q", Severity.WARNING, Map.of()).pass(Duration.ofMinutes(4));
        Duration before = Duration.between(Town.NOON, town.now);
        town.fire("grave").pass(Duration.ofMinutes(6));

        Town.Message message = town.messages.getLast();
        assertThat(message.says()).contains("grave FIRING storm");
        assertThat(message.at().minus(before)).isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void afterAStormASingleAlertIsASingleAlertAgain() {
        Town town = Town.of(OPS);
        IntStream.range(0, 50).forEach(i -> town.fire("p" + i));
        town.pass(Duration.ofMinutes(2));
        IntStream.range(0, 50).forEach(i -> town.heal("p" + i));
        town.pass(Duration.ofMinutes(10)).restart().fire("single").pass(Duration.ofSeconds(1));

        assertThat(town.messages.getLast().says()).containsExactly("single FIRING");
    }
}
