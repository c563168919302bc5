package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;

/** How a trend to exhaustion is written. */
final class ExhaustsType {
    static final Key<String> FACT = Key.required(
            "fact", Types.text("a fact's name", ".{1,200}"), "The fact, as the probe's page names it, such as `quota_left`.");
    static final Key<String> AT =
            Key.withDefault("at", FactType.NUMBER, "0", "0", "Where it is used up: the number that it falls to, or grows to.");
    static final Key<Duration> WITHIN = Key.required(
            "within", Types.duration(Duration.ofMinutes(1), Duration.ofDays(366)), "Trouble is to get there sooner than this.");
    static final Key<Duration> OVER = Key.withDefault(
            "over",
            Types.duration(Duration.ofMinutes(5), Duration.ofDays(30)),
            Duration.ofDays(1),
            "1d",
            "How far back the trend looks; it is told from a quarter of this on. Longer is steadier, shorter is quicker.");
    static final Key<Double> CONFIDENCE = Key.withDefault(
            "confidence",
            Types.percent(),
            0.95,
            "95%",
            "How certain the trend has to be: even at the slowest speed within this interval it gets there in time.");

    static final SectionType<Condition> SECTION = SectionType.of(
            "exhausts",
            List.of(FACT, AT, WITHIN, OVER, CONFIDENCE),
            section -> {
                double confidence = section.get(CONFIDENCE);
                if (confidence < 0.5 || confidence > 0.999) {
                    section.problem(CONFIDENCE, "a confidence is between 50% and 99.9%");
                    confidence = 0.95; // dropped
                }
                return new Exhausts(
                        section.get(FACT), Double.parseDouble(section.get(AT)), section.get(WITHIN), section.get(OVER), confidence);
            });

    private ExhaustsType() {}
}
