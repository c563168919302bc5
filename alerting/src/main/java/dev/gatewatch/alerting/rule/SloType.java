package dev.gatewatch.alerting.rule;

import dev.gatewatch.alerting.rule.Slo.Burn;
import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** How an objective is written. */
final class SloType {
    private static final Duration FINEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(90);

    static final Key<Double> RATE =
            Key.required("rate", Types.decimal(0.1, 10_000), "How many times faster than planned the budget has to burn.");
    static final Key<Duration> OVER =
            Key.required("over", Types.duration(FINEST, LONGEST), "The long window: shows that it matters.");
    static final Key<Duration> AND =
            Key.required("and", Types.duration(FINEST, LONGEST), "The short window: shows that it still goes on.");
    static final SectionType<Burn> BURN =
            SectionType.of("burn rate", List.of(RATE, OVER, AND), s -> new Burn(s.get(RATE), s.get(OVER), s.get(AND)));

    static final Key<Double> OBJECTIVE =
            Key.required("objective", Types.percent(), "The share of runs that has to be good, such as 99.9%.");
    static final Key<Duration> WINDOW = Key.withDefault(
            "window",
            Types.duration(Duration.ofHours(1), LONGEST),
            Duration.ofDays(30),
            "30d",
            "Over which time, up to now, the objective is promised.");
    static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "Runs that took longer are bad too. Without it only failed runs are.");
    static final Key<List<Burn>> BURN_RATES = Key.withDefault(
            "burn_rates",
            Types.list(BURN, 1),
            Slo.WORKBOOK,
            "14.4 over 1h and 5m, 6 over 6h and 30m, 1 over 3d and 6h",
            "When to alert: each while both windows burn at its rate. A higher rate is told as the alert getting worse.");
    static final Key<Integer> MIN_BAD = Key.withDefault(
            "min_bad",
            Types.integer(1, 1_000),
            2,
            "2",
            "With fewer bad runs in the long window nothing is said: where runs are few, a single one burns a lot.");

    static final SectionType<Condition> SECTION =
            SectionType.of("slo", List.of(OBJECTIVE, WINDOW, LATENCY, BURN_RATES, MIN_BAD), SloType::read);

    private SloType() {}

    private static Condition read(Section section) {
        double objective = Math.round(section.get(OBJECTIVE) * 1e9) / 1e9; // 99.9 hundredths are not quite 0.999
        Duration window = section.get(WINDOW);
        if (objective <= 0 || objective >= 1) {
            section.problem(OBJECTIVE, "an objective is between 0% and 100%: with 100% there is no budget to burn");
            return new Slo(0.5, window, Slo.WORKBOOK, section.find(LATENCY), section.get(MIN_BAD)); // dropped
        }
        double fastest = 1 / (1 - objective);
        List<Burn> burns = section.get(BURN_RATES);
        if (section.has(BURN_RATES)) {
            for (Burn burn : burns) {
                check(section, burn, window, fastest);
            }
        } else {
            // those of the workbook that this objective can ever reach
            burns = burns.stream()
                    .filter(burn -> burn.rate() < fastest && burn.over().compareTo(window) <= 0)
                    .toList();
            if (burns.isEmpty()) {
                section.problem(OBJECTIVE, "none of the usual burn rates fits this objective and window; write burn_rates");
            }
        }
        return new Slo(
                objective,
                window,
                burns.stream().sorted(Comparator.comparingDouble(Burn::rate)).toList(),
                section.find(LATENCY),
                section.get(MIN_BAD));
    }

    private static void check(Section section, Burn burn, Duration window, double fastest) {
        if (burn.rate() > fastest + 1e-9) {
            section.problem(
                    BURN_RATES,
                    "a burn rate of " + Words.number(burn.rate()) + " can never be: with this objective it is at most "
                            + Words.number(fastest));
        }
        if (burn.over().compareTo(window) > 0) {
            section.problem(
                    BURN_RATES, Durations.format(burn.over()) + " is longer than the window of " + Durations.format(window));
        }
        if (burn.and().compareTo(burn.over()) > 0) {
            section.problem(BURN_RATES, "\"and\" is the short window: it has to be at most " + Durations.format(burn.over()));
        }
    }
}
