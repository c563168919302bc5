package dev.gatewatch.alerting.ruletest;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A file of rule tests as it is written. Immutable.
 *
 * @param config whose rules and probes are tested; absent where the file has rules of its own
 */
record RuleTestFile(Optional<Path> config, List<Rule> rules, List<Case> cases) {
    /** One test. */
    record Case(String name, List<Line> series, List<Expectation> expectations) {}

    /**
     * One series of runs.
     *
     * @param start when its first run begins, after the start of the test
     */
    record Line(
            String probe,
            String region,
            Optional<String> type,
            SequencedMap<String, String> labels,
            Optional<Duration> interval,
            Duration start,
            Duration latency,
            Cause cause,
            Map<String, Fact> facts,
            List<RunNotation.Step> steps) {}

    /** Which alerts there are then: exactly these are pending or firing. */
    record Expectation(Duration at, List<Wanted> alerts) {}

    /** An alert as it should be; what is left out may be anything. */
    record Wanted(
            String rule,
            String probe,
            Optional<String> region,
            State state,
            Optional<Severity> severity,
            Optional<Cause> cause,
            Optional<String> message,
            SequencedMap<String, String> labels,
            SequencedMap<String, String> annotations) {}

    private static final Duration LONGEST = Duration.ofDays(90);

    private static final Key<String> PROBE = Key.required("probe", Types.name(), "The probe's name.");
    private static final Key<String> REGION = Key.optional("region", Types.text(), "Its region.");
    private static final Key<String> TYPE =
            Key.optional("type", Types.name(), "Its type, for rules that select by it; with rules written in the test file.");
    private static final Key<SequencedMap<String, String>> LABELS =
            Key.withDefault("labels", Types.map(Types.text(), Types.text()), new LinkedHashMap<>(), "none", "Labels.");
    private static final Key<Duration> INTERVAL = Key.optional(
            "interval",
            Types.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "Time between runs; the configured probe's, else 10s, where left out.");
    private static final Key<Duration> START = Key.withDefault(
            "start", Types.duration(Duration.ZERO, LONGEST), Duration.ZERO, "0", "When its first run begins.");
    private static final Key<Duration> LATENCY = Key.withDefault(
            "latency",
            Types.duration(Duration.ZERO, Duration.ofHours(1)),
            Duration.ofMillis(50),
            "50ms",
            "How long its runs take that say nothing else.");
    private static final Key<Cause> CAUSE =
            Key.withDefault("cause", Types.oneOf(causes()), Cause.HTTP_STATUS, "http_status", "Why runs fail that say nothing else.");
    private static final Key<SequencedMap<String, String>> FACTS = Key.withDefault(
            "facts", Types.map(Types.text(), Types.text()), new LinkedHashMap<>(), "none", "Facts of all its runs.");
    private static final Key<List<RunNotation.Step>> RUNS = Key.required("runs", new RunNotation(), "Its runs.");
    private static final SectionType<Line> LINE = SectionType.of(
            "series",
            List.of(PROBE, REGION, TYPE, LABELS, INTERVAL, START, LATENCY, CAUSE, FACTS, RUNS),
            s -> new Line(
                    s.get(PROBE),
                    s.find(REGION).orElse(""),
                    s.find(TYPE),
                    s.get(LABELS),
                    s.find(INTERVAL),
                    s.get(START),
                    s.get(LATENCY),
                    s.get(CAUSE),
                    facts(s.get(FACTS)),
                    s.get(RUNS)));

    private static final Key<String> RULE = Key.required("rule", Types.name(), "The rule's name.");
    private static final Key<State> STATE = Key.withDefault(
            "state", Types.oneOf(State.class), State.FIRING, "firing", "pending, firing or resolved.");
    private static final Key<Severity> SEVERITY = Key.optional("severity", Types.oneOf(Severity.class), "Its severity.");
    private static final Key<Cause> WANTED_CAUSE = Key.optional("cause", Types.oneOf(causes()), "Its cause.");
    private static final Key<String> MESSAGE = Key.optional("message", Types.text(), "What its message has to contain.");
    private static final Key<SequencedMap<String, String>> WANTED_LABELS = Key.withDefault(
            "labels", Types.map(Types.text(), Types.text()), new LinkedHashMap<>(), "none", "Labels that it has, among others.");
    private static final Key<SequencedMap<String, String>> ANNOTATIONS = Key.withDefault(
            "annotations", Types.map(Types.text(), Types.text()), new LinkedHashMap<>(), "none", "Annotations that it has, among others.");
    private static final SectionType<Wanted> WANTED = SectionType.of(
            "alert",
            List.of(RULE, PROBE, REGION, STATE, SEVERITY, WANTED_CAUSE, MESSAGE, WANTED_LABELS, ANNOTATIONS),
            s -> new Wanted(
                    s.get(RULE),
                    s.get(PROBE),
                    s.find(REGION),
                    s.get(STATE),
                    s.find(SEVERITY),
                    s.find(WANTED_CAUSE),
                    s.find(MESSAGE),
                    s.get(WANTED_LABELS),
                    s.get(ANNOTATIONS)));

    private static final Key<Duration> AT =
            Key.required("at", Types.duration(Duration.ZERO, LONGEST), "When, after the start of the test.");
    private static final Key<List<Wanted>> ALERTS = Key.required(
            "alerts", Types.list(WANTED, 0), "All alerts that are then pending or firing; resolved ones count where they are named.");
    private static final SectionType<Expectation> EXPECTATION =
            SectionType.of("expectation", List.of(AT, ALERTS), s -> new Expectation(s.get(AT), s.get(ALERTS)));

    private static final Key<String> NAME = Key.required("name", Types.text(), "What the test shows, as a sentence.");
    private static final Key<List<Line>> SERIES = Key.required("series", Types.list(LINE, 1), "The runs.");
    private static final Key<List<Expectation>> EXPECT = Key.required("expect", Types.list(EXPECTATION, 1), "The alerts.");
    private static final SectionType<Case> CASE = SectionType.of(
            "test", List.of(NAME, SERIES, EXPECT), s -> new Case(s.get(NAME), s.get(SERIES), s.get(EXPECT)));

    private static final Key<String> CONFIG =
            Key.optional("config", Types.text(), "The configuration whose rules and probes are tested; relative to this file.");
    private static final Key<List<Rule>> RULES = Key.optional("rules", Rule.LIST, "Rules of the test's own, instead of config.");
    private static final Key<List<Case>> TESTS = Key.required("tests", Types.list(CASE, 1), "The tests.");

    static final SectionType<RuleTestFile> SECTION =
            SectionType.of("rule tests", List.of(CONFIG, RULES, TESTS), RuleTestFile::read);

    private static RuleTestFile read(Section s) {
        if (s.has(CONFIG) == s.has(RULES)) {
            s.problem(s.has(RULES) ? RULES : TESTS, "write config or rules, one of both");
        }
        return new RuleTestFile(
                s.find(CONFIG).map(path -> s.reading().baseDirectory().resolve(path)),
                s.find(RULES).orElse(List.of()),
                s.get(TESTS));
    }

    private static Map<String, Fact> facts(Map<String, String> written) {
        var facts = new LinkedHashMap<String, Fact>();
        written.forEach((name, text) -> facts.put(name, Fact.parse(text)));
        return facts;
    }

    private static SequencedMap<String, Cause> causes() {
        var words = new LinkedHashMap<String, Cause>();
        Arrays.stream(Cause.values()).forEach(c -> words.put(c.code(), c));
        return words;
    }
}
