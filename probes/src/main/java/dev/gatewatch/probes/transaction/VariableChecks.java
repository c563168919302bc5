package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.probes.transaction.Step.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Goes through the steps as a run would and tells of every variable that cannot have a value where it is used. Serves one reading, on
 * its thread.
 */
final class VariableChecks {
    private final Problems problems;
    private final List<Step> steps;

    /** What has a value so far. */
    private final Set<String> known = new HashSet<>();

    private final Set<String> stepNames = new HashSet<>();
    private final Set<String> givenAway = new HashSet<>();
    private final List<String> callbackUrls = new ArrayList<>();

    VariableChecks(
            Problems problems, Map<String, Constant> constants, Map<String, Generator> generate, List<Step> steps) {
        this.problems = problems;
        this.steps = steps;
        known.addAll(constants.keySet());
        known.addAll(generate.keySet());
        for (Step step : steps) {
            if (step.action() instanceof Action.Await(CallbackWait callback)) {
                callbackUrls.add(callback.variable());
            }
        }
        known.addAll(callbackUrls);
    }

    void run() {
        for (Step step : steps) {
            if (!stepNames.add(step.name())) {
                problems.error(step.at(), "two steps are called \"" + step.name() + "\"");
            }
            switch (step.action()) {
                case Action.Ask ask -> ask(step, ask.request());
                case Action.Await(CallbackWait callback) -> {
                    if (!givenAway.contains(callback.variable())) {
                        problems.error(
                                step.at(),
                                "no step before this one gives the target its URL: write $(" + callback.variable()
                                        + ") into the request");
                    }
                }
            }
            check(step.expected(), List.of());
            known.addAll(step.capture().keySet());
        }
    }

    private void ask(Step step, RequestTemplate request) {
        known.addAll(step.generate().keySet());
        for (String name : step.earlySigns()) {
            check(over(step, name), List.of());
            known.add(name);
        }
        check(request.signed(), step.lateSigns());
        for (String name : step.lateSigns()) {
            check(over(step, name), List.of(), Signature.OF_REQUEST);
            known.add(name);
        }
        check(request.carried(), List.of());
        Stream.concat(request.signed(), request.carried()).forEach(t -> givenAway.addAll(t.names()));
    }

    private static Stream<Template> over(Step step, String name) {
        return Stream.ofNullable(step.sign().get(name)).map(Signature::over);
    }

    private void check(Stream<Template> templates, List<String> tooEarly) {
        check(templates, tooEarly, List.of());
    }

    private void check(Stream<Template> templates, List<String> tooEarly, List<String> also) {
        templates.forEach(template -> template.names().stream()
                .distinct()
                .filter(name -> !also.contains(name) && (tooEarly.contains(name) || !known.contains(name)))
                .forEach(name -> complain(template, name, tooEarly)));
    }

    private void complain(Template template, String name, List<String> tooEarly) {
        if (tooEarly.contains(name)) {
            problems.error(
                    template.at(), "$(" + name + ") signs the request, so that only headers can carry it");
        } else if (Signature.OF_REQUEST.contains(name)) {
            problems.error(template.at(), "$(" + name + ") is for \"sign\" only");
        } else if (name.equals(CallbackWait.URL) || name.startsWith(CallbackWait.URL + ".")) {
            problems.error(
                    template.at(),
                    "no step waits for the callback of $(" + name + ")",
                    callbackUrls.isEmpty()
                            ? "add a step with callback: {wait: 10s}"
                            : "there is $(" + String.join("), $(", callbackUrls) + ")");
        } else {
            problems.error(
                    template.at(),
                    "$(" + name + ") has no value here: no variable, generated value or capture of an earlier step is called so",
                    Suggestions.didYouMean(name, known)
                            .orElse(known.isEmpty() ? "write $$( for a plain \"$(\"" : "known here: " + String.join(", ", known.stream().sorted().toList())));
        }
    }
}
