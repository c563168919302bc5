package dev.gatewatch.alerting.rule;

import dev.gatewatch.baseline.BaselineSettings.Direction;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.Quantity.Kind;
import dev.gatewatch.baseline.Sensitivity;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/** How a rule's {@code when} is written. */
final class ConditionType {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST_RUNS = 1_000;
    private static final int LONGEST_QUANTITY = 206;

    /** Causes that only several runs together show. */
    private static final Set<Cause> OF_ALERTS =
            EnumSet.of(
                    Cause.ERROR_RATE,
                    Cause.ERROR_BUDGET,
                    Cause.LATENCY_BASELINE,
                    Cause.FACT_OUT_OF_BOUNDS,
                    Cause.REGION_DOWN,
                    Cause.REGION_SLOW);

    static final Key<Integer> FAILURES = Key.optional(
            "failures", Types.integer(1, MOST_RUNS), "So many failed runs: in a row, or among the last `of`. Degraded runs count as good.");
    static final Key<Integer> DEGRADED = Key.optional(
            "degraded",
            Types.integer(1, MOST_RUNS),
            "So many runs that were degraded or failed: in a row, or among the last `of`.");
    static final Key<Integer> OF = Key.optional(
            "of", Types.integer(1, MOST_RUNS), "With `failures` or `degraded`: among how many of the latest runs.");

    static final Key<Double> QUANTILE = Key.withDefault(
            "quantile", Types.decimal(0.01, 1), 0.95, "0.95", "Which quantile of latency; 1 is the slowest run.");
    static final Key<Duration> OVER =
            Key.required("over", Types.duration(Duration.ofSeconds(1), DAY), "Over which time, back from the latest run.");
    static final Key<Duration> ABOVE_LATENCY =
            Key.required("above", Types.duration(Duration.ofMillis(1), Duration.ofHours(1)), "The bound.");
    static final Key<Integer> MIN_RUNS = Key.withDefault(
            "min_runs",
            Types.integer(1, MOST_RUNS),
            5,
            "5",
            "With fewer passing or degraded runs in that time nothing is said.");
    static final SectionType<Condition> LATENCY = SectionType.of(
            "latency",
            List.of(QUANTILE, OVER, ABOVE_LATENCY, MIN_RUNS),
            s -> new SlowRuns(s.get(QUANTILE), s.get(OVER), s.get(ABOVE_LATENCY), s.get(MIN_RUNS)));

    static final Key<Double> ABOVE_SHARE = Key.required("above", Types.percent(), "The bound, such as 5%.");
    static final Key<Integer> MIN_RUNS_OF_RATE = Key.withDefault(
            "min_runs",
            Types.integer(1, MOST_RUNS),
            10,
            "10",
            "With fewer runs in that time nothing is said: one failed run of three is not an outage of a third.");
    static final SectionType<Condition> ERROR_RATE = SectionType.of(
            "error_rate",
            List.of(OVER, ABOVE_SHARE, MIN_RUNS_OF_RATE),
            s -> new ErrorRate(s.get(OVER), s.get(ABOVE_SHARE), s.get(MIN_RUNS_OF_RATE)));

    static final Key<Condition> LATENCY_KEY = Key.optional(
            "latency", LATENCY, "A quantile of the latency of passing and degraded runs is above a bound.");
    static final Key<Condition> ERROR_RATE_KEY =
            Key.optional("error_rate", ERROR_RATE, "The share of failed runs is above a bound.");
    static final Key<SequencedSet<Duration>> EXPIRES = Key.optional(
            "certificate_expires_within",
            Types.set(Types.duration(Duration.ofSeconds(1), Duration.ofDays(3_650))),
            "The presented certificate chain ends within one of these times. The tightest crossed one is told; crossing a tighter one,"
                    + " and the end itself, is told once more.");
    static final Key<SequencedSet<Cause>> CAUSE = Key.optional(
            "cause", Types.set(Types.oneOf(causes())), "The latest run did not pass, for one of these causes.");

    static final Key<SequencedSet<Outcome>> OUTCOME = Key.optional(
            "outcome",
            Types.set(Types.oneOf(outcomes())),
            "The latest run came out in one of these ways: `fail`, `degraded`. Broken runs are not judged.");
    static final Key<SequencedSet<CauseClass>> CLASS = Key.optional(
            "class", Types.set(Types.oneOf(classes())), "The latest run did not pass, for a cause of one of these classes.");
    static final Key<Condition> FACT_KEY = Key.optional(
            "fact", FactType.SECTION, "A measured value is out of bounds: of the latest run, or of all runs over a time.");
    static final Key<Condition> EXHAUSTS_KEY = Key.optional(
            "exhausts",
            ExhaustsType.SECTION,
            "A measured value is on its way to where it is used up, and will be there soon: by its trend, with what that may be off by.");
    static final Key<CelRule> CEL = Key.optional(
            "cel",
            CelRule.type(),
            "This expression on the latest run is true. It sees `facts`, `outcome`, `cause`, `latency_ms`, `phases` (in milliseconds) and"
                    + " `labels`.");
    static final Key<Double> LIFETIME_LEFT = Key.optional(
            "lifetime_left",
            Types.percent(),
            "Less than this share of a certificate's lifetime is left, such as 20%: fits certificates of 90 days as well as of a year.");
    static final Key<Duration> NO_RESULT = Key.optional(
            "no_result_for",
            Types.duration(Duration.ofSeconds(10), DAY),
            "No run has said anything of the target for so long. Broken runs do not count as results; the daemon's own downtime does not"
                    + " count as silence.");
    static final Key<Condition> SLO_KEY = Key.optional(
            "slo", SloType.SECTION, "The error budget of an objective burns too fast, by several windows and rates.");
    static final Key<Quantity> UNUSUAL_OF = Key.withDefault(
            "of",
            Types.scalar(
                    "latency, errors, phase.NAME or fact.NAME",
                    Map.of("type", "string", "pattern", "^(latency|errors|error_rate|phase\\..{1,100}|fact\\..{1,200})$"),
                    text -> text.length() <= LONGEST_QUANTITY ? Quantity.parse(text) : Optional.empty()),
            Quantity.LATENCY,
            "latency",
            "What is compared with what is usual: `latency`, `errors` (the share of failed runs), a phase such as `phase.connect`, or a"
                    + " measured value such as `fact.quota_left`. Beside latency and errors only what some rule names is learnt.");
    static final Key<Direction> DIRECTION = Key.optional(
            "direction",
            Types.oneOf(Direction.class),
            "With `of: fact.NAME`: which way trouble lies, `higher`, `lower` or `both` (the default). Of latencies, phases and errors only"
                    + " more is trouble.");
    static final Key<Sensitivity> SENSITIVITY = Key.withDefault(
            "sensitivity",
            Types.oneOf(Sensitivity.class),
            Sensitivity.MEDIUM,
            "medium",
            "How seldom it is wrong: at most one false alarm a series in a month (`low`), a week (`medium`) or a day (`high`).");
    static final Key<Condition> BASELINE = Key.optional(
            "baseline",
            SectionType.of(
                    "baseline", List.of(UNUSUAL_OF, DIRECTION, SENSITIVITY), ConditionType::unusual),
            "The series is not as it usually is at this time of the week. What is usual is learnt from its own runs, so nothing is said of the"
                    + " first hundred.");

    /** Those of which exactly one must be there. */
    private static final List<Key<?>> CHOICES = List.of(
            FAILURES,
            DEGRADED,
            OUTCOME,
            CLASS,
            CAUSE,
            LATENCY_KEY,
            ERROR_RATE_KEY,
            FACT_KEY,
            EXHAUSTS_KEY,
            CEL,
            EXPIRES,
            LIFETIME_LEFT,
            NO_RESULT,
            SLO_KEY,
            BASELINE);

    static final ValueType<Condition> WHEN = SectionType.of("when", keys(), ConditionType::condition);

    private ConditionType() {}


    private static Condition unusual(Section section) {
        Quantity of = section.get(UNUSUAL_OF);
        Optional<Direction> direction = section.find(DIRECTION);
        if (of.kind() == Kind.FACT) {
            return new Unusual(Quantity.fact(of.name(), direction.orElse(of.direction())), section.get(SENSITIVITY));
        }
        if (direction.isPresent()) {
            section.problem(DIRECTION, "\"direction\" goes with of: fact.NAME only; of " + of.code() + " only more is trouble");
        }
        return new Unusual(of, section.get(SENSITIVITY));
    }

    private static Condition condition(Section when) {
        List<Key<?>> written = CHOICES.stream().filter(when::has).toList();
        if (written.size() > 1) {
            when.problem(
                    written.get(1),
                    "a rule has one condition, here are " + written.size() + " (" + names(written) + "); write a rule for each");
        }
        if (written.isEmpty()) {
            when.problem(OF, "no condition; expected one of " + names(CHOICES));
        }
        Optional<Integer> bad = when.find(FAILURES).or(() -> when.find(DEGRADED));
        Optional<Integer> of = when.find(OF);
        if (of.isPresent() && bad.isEmpty() && !written.isEmpty()) {
            when.problem(OF, "\"of\" goes with failures or degraded only");
        }
        if (of.isPresent() && bad.isPresent() && of.get() < bad.get()) {
            when.problem(OF, bad.get() + " of the last " + of.get() + " runs can never be; \"of\" has to be at least " + bad.get());
        }
        return bad.<Condition>map(n -> new RunCount(n, Math.max(n, of.orElse(n)), when.has(DEGRADED)))
                .or(() -> when.find(LATENCY_KEY))
                .or(() -> when.find(ERROR_RATE_KEY))
                .or(() -> when.find(EXPIRES).map(w -> new CertificateExpiry(List.copyOf(w))))
                .or(() -> when.find(CAUSE).map(CauseSeen::new))
                .or(() -> when.find(CLASS).map(ConditionType::causesOf))
                .or(() -> when.find(OUTCOME).map(OutcomeSeen::new))
                .or(() -> when.find(FACT_KEY))
                .or(() -> when.find(EXHAUSTS_KEY))
                .or(() -> when.find(CEL).map(CelHolds::new))
                .or(() -> when.find(LIFETIME_LEFT).map(LifetimeLeft::new))
                .or(() -> when.find(NO_RESULT).map(NoResult::new))
                .or(() -> when.find(SLO_KEY))
                .or(() -> when.find(BASELINE))
                .orElseGet(() -> new RunCount(1, 1, false)); // only after a problem, so it is dropped
    }

    private static List<Key<?>> keys() {
        var keys = new ArrayList<>(CHOICES);
        keys.add(2, OF);
        return keys;
    }

    private static Condition causesOf(Set<CauseClass> classes) {
        return new CauseSeen(EnumSet.allOf(Cause.class).stream()
                .filter(cause -> classes.contains(cause.causeClass()))
                .collect(Collectors.toSet()));
    }

    private static SequencedMap<String, Outcome> outcomes() {
        var words = new LinkedHashMap<String, Outcome>();
        words.put(Outcome.FAIL.code(), Outcome.FAIL);
        words.put(Outcome.DEGRADED.code(), Outcome.DEGRADED);
        return words;
    }

    private static SequencedMap<String, CauseClass> classes() {
        var words = new LinkedHashMap<String, CauseClass>();
        EnumSet.complementOf(EnumSet.of(CauseClass.OWN_SIDE)).forEach(c -> words.put(c.code(), c));
        return words;
    }

    private static String names(List<Key<?>> keys) {
        return String.join(", ", keys.stream().map(Key::name).toList());
    }

    /** Those that a run can have; our own side's are left out too, as broken runs are not judged. */
    private static SequencedMap<String, Cause> causes() {
        var words = new LinkedHashMap<String, Cause>();
        EnumSet.allOf(Cause.class).stream()
                .filter(c -> c.causeClass() != CauseClass.OWN_SIDE && !OF_ALERTS.contains(c))
                .forEach(c -> words.put(c.code(), c));
        return words;
    }
}
