package dev.gatewatch.alerting.ruletest;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.ruletest.RuleTestFile.Case;
import dev.gatewatch.config.ConfigFiles;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.engine.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Runs files of rule tests: series of runs in, expected alerts out. The daemon's own judge decides; only time is virtual. */
public final class RuleTests {
    private RuleTests() {}

    /**
     * What a configuration brings.
     *
     * @param problems in lines for people; with an error there are no rules and no plan
     */
    public record Setting(Optional<Plan> plan, List<Rule> rules, List<String> problems) {
        public Setting {
            rules = List.copyOf(rules);
            problems = List.copyOf(problems);
        }
    }

    /**
     * What came of one test.
     *
     * @param differences in what the alerts are otherwise than expected, a line each; empty for a test that passed
     */
    public record Verdict(String test, List<String> differences) {
        public Verdict {
            differences = List.copyOf(differences);
        }
    }

    /**
     * What came of a file.
     *
     * @param problems why it cannot be run, in lines for people
     */
    public record Report(List<Verdict> verdicts, List<String> problems) {
        public Report {
            verdicts = List.copyOf(verdicts);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Runs the tests of a file.
     *
     * @param configurations reads the configuration that the file names
     */
    public static Report run(Path file, Map<String, String> environment, Function<Path, Setting> configurations) {
        var problems = new Problems();
        var loaded = ConfigFiles.read(List.of(file), Set.of(), environment, problems);
        Optional<RuleTestFile> read = loaded.root()
                .flatMap(root -> RuleTestFile.SECTION.read(root, new Reading(problems, loaded.baseDirectory(), loaded.sources())));
        if (read.isEmpty() || problems.errors() > 0) {
            return new Report(List.of(), problems.list().stream().map(Problem::toString).toList());
        }
        RuleTestFile tests = read.get();
        Optional<Setting> setting = tests.config().map(configurations);
        if (setting.isPresent() && setting.get().plan().isEmpty()) {
            return new Report(List.of(), setting.get().problems());
        }
        List<Rule> rules = setting.map(Setting::rules).orElse(tests.rules());
        var verdicts = new ArrayList<Verdict>();
        for (Case test : tests.cases()) {
            Plan plan = setting.flatMap(Setting::plan).orElseGet(() -> Stage.of(test));
            List<String> wrong = wrong(test, plan, rules);
            verdicts.add(new Verdict(
                    test.name(), wrong.isEmpty() ? Rehearsal.differences(rules, plan, test) : wrong));
        }
        return new Report(verdicts, List.of());
    }

    /** Names that nothing has: such a test would show nothing. */
    private static List<String> wrong(Case test, Plan plan, List<Rule> rules) {
        var wrong = new ArrayList<String>();
        test.series().stream()
                .filter(line -> Stage.find(plan, line).isEmpty())
                .forEach(line -> wrong.add("the configuration has no probe \"" + line.probe() + "\""
                        + (line.region().isEmpty() ? "" : " in region \"" + line.region() + "\"")));
        test.expectations().stream()
                .flatMap(e -> e.alerts().stream())
                .map(RuleTestFile.Wanted::rule)
                .distinct()
                .filter(rule -> rules.stream().noneMatch(r -> r.name().equals(rule)))
                .forEach(rule -> wrong.add("there is no rule \"" + rule + "\""));
        return wrong;
    }
}
