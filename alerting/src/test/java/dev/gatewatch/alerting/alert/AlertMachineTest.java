package dev.gatewatch.alerting.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.alert.AlertMachine.Change;
import dev.gatewatch.alerting.alert.AlertMachine.Moment;
import dev.gatewatch.alerting.alert.AlertMachine.Step;
import dev.gatewatch.alerting.alert.AlertMachine.Timing;
import dev.gatewatch.alerting.rule.Verdict;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertMachineTest {
    private static final Instant T = Instant.parse("2026-03-01T03:00:00Z");

    /**
     * Verdicts a second apart ({@code H}olds, {@code c}lear, {@code ?} unknown, {@code 1}–{@code 3} holds at that level, {@code _} time
     * passes without a run), and what is told at each: {@code F}ired, {@code W}orse, {@code R}esolved, {@code p}ending, {@code .} nothing.
     */
    @ParameterizedTest(name = "for {0}s, keep {1}s: {2} -> {3}")
    @CsvSource({
        "0, 0, c c H H c c, ..F.R.",
        "0, 0, H c H c, FRFR",
        "0, 0, ? ? H ? ? c, ..F..R",
        // for: seen to hold that long, by a run
        "2, 0, H H c, pp.",
        "2, 0, H H H c, ppFR",
        "2, 0, H ? H, ppF",
        "2, 0, H _ _ _ _ c, ppppp.",
        "2, 0, H _ _ _ _ H, pppppF",
        "2, 0, H c H H H, p.ppF",
        // keep_firing_for: trouble that comes back is the same alert
        "0, 2, H c H c c c, F....R",
        "0, 2, H c _ _ c, F..R.",
        "0, 2, H c H H H c c c, F......R",
        "0, 2, H c ? ?, F..R",
        // late judgement ends first what was over by then
        "0, 2, H c . . . H, F....RF",
        // a tighter bound is told once, a wider one never
        "0, 0, 1 1 2 2 1 2 3 c, F.W...WR",
        "2, 0, 1 2 3 3, ppF.",
        "0, 0, 1 3 2 c 1, FW.RF",
    })
    void anAlertMovesByVerdicts(int holdFor, int keep, String verdicts, String told) {
        var timing = new Timing(Duration.ofSeconds(holdFor), Duration.ofSeconds(keep), Duration.ofMillis(100));
        Optional<Episode> open = Optional.empty();
        Instant notBefore = Instant.MIN;
        var seen = new StringBuilder();
        Instant at = T;
        for (char verdict : verdicts.replace(" ", "").toCharArray()) {
            if (verdict != '.') {
                Step step = verdict == '_'
                        ? AlertMachine.pass(open, timing, at)
                        : AlertMachine.judge(open, notBefore, verdict(verdict, at), timing, new Moment(at, at));
                open = step.open();
                for (Change change : step.changes()) {
                    seen.append(change.kind().name().charAt(0));
                    notBefore = change.episode().endsAt().orElse(notBefore);
                }
                if (step.changes().isEmpty()) {
                    seen.append(open.filter(e -> e.state() == State.PENDING).isPresent() ? 'p' : '.');
                }
            } else {
                seen.append('.');
            }
            at = at.plusSeconds(1);
        }

        assertThat(seen).hasToString(told);
    }

    @Test
    void theStartIsTheFirstRunThatCountsAndStays() {
        Step fired = judge(Optional.empty(), holds(T.minusSeconds(20)), T);
        Step later = judge(fired.open(), holds(T), T.plusSeconds(10));

        assertThat(later.open().orElseThrow().startsAt()).isEqualTo(T.minusSeconds(20));
    }

    @Test
    void theEndIsTheEndOfTheRunThatClearedIt() {
        Step fired = judge(Optional.empty(), holds(T), T);
        Step ended = AlertMachine.judge(
                fired.open(),
                Instant.MIN,
                new Verdict.Clear(""),
                timing(0),
                new Moment(T.plusSeconds(10), T.plusMillis(10_050)));

        assertThat(ended.open()).isEmpty();
        assertThat(ended.changes()).singleElement().satisfies(c -> {
            assertThat(c.episode().endsAt()).contains(T.plusMillis(10_050));
            assertThat(c.episode().endReason()).isEqualTo("healed");
        });
    }

    @Test
    void aRunBelongsToOneEpisodeOnly() {
        Step again = AlertMachine.judge(
                Optional.empty(), T.plusSeconds(30), holds(T), timing(0), new Moment(T.plusSeconds(40), T.plusSeconds(40)));

        assertThat(again.open().orElseThrow().startsAt()).isEqualTo(T.plusSeconds(30));
    }

    @Test
    void aRunOfTheGridThatStartsAMomentEarlyStillConfirms() {
        Step pending = judge(Optional.empty(), holds(T), T, timing(20));
        Step confirmed = judge(pending.open(), holds(T), T.plusMillis(19_950), timing(20));

        assertThat(confirmed.changes()).singleElement().extracting(Change::kind).isEqualTo(AlertMachine.Kind.FIRED);
    }

    @Test
    void aClockThatStepsBackDoesNotHoldAPendingAlertForLong() {
        Step pending = judge(Optional.empty(), holds(T), T, timing(20));
        Step stepped = judge(pending.open(), holds(T), T.minusSeconds(3_600), timing(20));
        Step confirmed = judge(stepped.open(), holds(T), T.minusSeconds(3_580), timing(20));

        assertThat(stepped.changes()).isEmpty();
        assertThat(confirmed.changes()).singleElement().extracting(Change::kind).isEqualTo(AlertMachine.Kind.FIRED);
    }

    @Test
    void anAlertNeverEndsBeforeItBegan() {
        Step fired = judge(Optional.empty(), holds(T), T);
        Step ended = judge(fired.open(), new Verdict.Clear(""), T.minusSeconds(3_600));

        assertThat(ended.changes().getFirst().episode().endsAt()).contains(T);
    }

    private static Step judge(Optional<Episode> open, Verdict verdict, Instant at) {
        return judge(open, verdict, at, timing(0));
    }

    private static Step judge(Optional<Episode> open, Verdict verdict, Instant at, Timing timing) {
        return AlertMachine.judge(open, Instant.MIN, verdict, timing, new Moment(at, at));
    }

    private static Timing timing(int holdFor) {
        return new Timing(Duration.ofSeconds(holdFor), Duration.ZERO, Duration.ofMillis(100));
    }

    private static Verdict verdict(char letter, Instant at) {
        return switch (letter) {
            case 'H' -> holds(at);
            case '1', '2', '3' -> new Verdict.Holds(at, Cause.CERT_EXPIRING, "", "", "", letter - '0');
            case 'c' -> new Verdict.Clear("");
            case '?' -> new Verdict.Unknown("");
            default -> throw new IllegalArgumentException("no such verdict: " + letter);
        };
    }

    private static Verdict holds(Instant since) {
        return new Verdict.Holds(since, Cause.HTTP_STATUS, "", "", "", 0);
    }
}
