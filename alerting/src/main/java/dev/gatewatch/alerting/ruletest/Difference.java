package dev.gatewatch.alerting.ruletest;

import dev.gatewatch.alerting.ruletest.RuleTestFile.Expectation;
import dev.gatewatch.alerting.ruletest.RuleTestFile.Wanted;
import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** In what alerts differ from what is expected, in lines for people. Pure functions. */
final class Difference {
    private Difference() {}

    static List<String> of(Expectation expected, List<AlertView> current) {
        var lines = new ArrayList<String>();
        var left = new ArrayList<>(current);
        var missing = new ArrayList<Wanted>();
        for (Wanted wanted : expected.alerts()) {
            Optional<AlertView> match =
                    left.stream().filter(a -> faults(wanted, a).isEmpty()).findFirst();
            match.ifPresentOrElse(left::remove, () -> missing.add(wanted));
        }
        String at = "at " + Durations.format(expected.at()) + ": ";
        for (Wanted wanted : missing) {
            Optional<AlertView> near = left.stream().filter(a -> isAbout(wanted, a)).findFirst();
            near.ifPresent(left::remove);
            lines.add(at + name(wanted) + ": "
                    + near.map(a -> String.join(", ", faults(wanted, a)))
                            .orElse("expected " + wanted.state().code() + ", there is no such alert"));
        }
        left.stream()
                .filter(a -> a.state() != State.RESOLVED)
                .forEach(a -> lines.add(at + a.rule() + " of " + a.series().display() + ": not expected, is " + a.state().code()
                        + " (" + a.cause().code() + ": " + a.message() + ")"));
        return lines;
    }

    private static String name(Wanted wanted) {
        return wanted.rule() + " of "
                + new Series(wanted.probe(), wanted.region().orElse(""), "").display();
    }

    private static boolean isAbout(Wanted wanted, AlertView alert) {
        return wanted.rule().equals(alert.rule())
                && wanted.probe().equals(alert.series().probe())
                && wanted.region().map(alert.series().region()::equals).orElse(true);
    }

    /** What is not as wanted, each with both sides. */
    private static List<String> faults(Wanted wanted, AlertView alert) {
        var faults = new ArrayList<String>();
        if (!isAbout(wanted, alert)) {
            faults.add("another alert");
            return faults;
        }
        compare(faults, "state", wanted.state().code(), alert.state().code());
        wanted.severity().ifPresent(s -> compare(faults, "severity", s.code(), alert.severity().code()));
        wanted.cause().ifPresent(c -> compare(faults, "cause", c.code(), alert.cause().code()));
        wanted.message()
                .filter(text -> !alert.message().contains(text))
                .ifPresent(text -> faults.add("message: expected to contain \"" + text + "\", is \"" + alert.message() + "\""));
        compare(faults, "label ", wanted.labels(), alert.labels());
        compare(faults, "annotation ", wanted.annotations(), alert.annotations());
        return faults;
    }

    private static void compare(List<String> faults, String what, Map<String, String> wanted, Map<String, String> actual) {
        wanted.forEach((name, value) -> compare(faults, what + name, value, actual.getOrDefault(name, "")));
    }

    private static void compare(List<String> faults, String what, String wanted, String actual) {
        if (!wanted.equals(actual)) {
            faults.add(what + ": expected " + shown(wanted) + ", is " + shown(actual));
        }
    }

    private static String shown(String text) {
        return text.isEmpty() ? "nothing" : text;
    }
}
