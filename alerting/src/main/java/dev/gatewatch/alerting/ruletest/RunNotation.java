package dev.gatewatch.alerting.ruletest;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a series of runs is written: {@code S} passed, {@code F} failed, {@code D} was degraded, {@code B} is broken, {@code .} is no run;
 * {@code *3} repeats; in parentheses stands what else is to be said of a run: a duration, a cause, {@code fact=value}.
 * {@code S*5 F(connect_timeout)*3 S(1200ms, quota_left=17)}.
 */
final class RunNotation implements ValueType<List<RunNotation.Step>> {
    /** More runs than this are no unit test: 30 days of one each ten seconds. */
    private static final int MOST_RUNS = 300_000;

    private static final Pattern TOKEN = Pattern.compile("([SFDB.])(?:\\(([^()]*)\\))?(?:\\*([0-9]{1,6}))?");

    /** Runs of one kind in a row; the rest is as the series has it where absent. */
    record Step(Kind kind, int times, Optional<Duration> latency, Optional<Cause> cause, Map<String, Fact> facts) {}

    /** What a letter stands for. */
    enum Kind {
        S(Outcome.PASS),
        F(Outcome.FAIL),
        D(Outcome.DEGRADED),
        B(Outcome.BROKEN),
        NONE(Outcome.PASS);

        final Outcome outcome;

        Kind(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    /** Why a text is no series of runs. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    @Override
    public Optional<List<Step>> read(Node node, Reading reading) {
        Optional<String> text = Types.text().read(node, reading);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(text.get()));
        } catch (Unreadable e) {
            reading.problems().error(node, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static List<Step> parse(String text) throws Unreadable {
        var steps = new ArrayList<Step>();
        Matcher token = TOKEN.matcher(text);
        long runs = 0;
        int at = 0;
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return steps;
            }
            if (!token.find(at) || token.start() != at) {
                throw new Unreadable("no run: \"" + text.substring(at, Math.min(text.length(), at + 20))
                        + "\"; write S, F, D, B or '.', each with (…) and *N where needed");
            }
            at = token.end();
            Step step = step(token);
            runs += step.times();
            if (runs > MOST_RUNS) {
                throw new Unreadable("more than " + MOST_RUNS + " runs");
            }
            steps.add(step);
        }
    }

    private static Step step(Matcher token) throws Unreadable {
        Kind kind = token.group(1).equals(".") ? Kind.NONE : Kind.valueOf(token.group(1));
        Optional<Duration> latency = Optional.empty();
        Optional<Cause> cause = Optional.empty();
        var facts = new LinkedHashMap<String, Fact>();
        String said = token.group(2) == null ? "" : token.group(2);
        for (String part : said.split(",")) {
            String word = part.strip();
            int equals = word.indexOf('=');
            if (word.isEmpty()) {
                continue;
            }
            if (equals > 0) {
                facts.put(word.substring(0, equals).strip(), Fact.parse(word.substring(equals + 1).strip()));
            } else if (Durations.parse(word).isPresent()) {
                latency = Durations.parse(word);
            } else {
                cause = Optional.of(cause(word, kind));
            }
        }
        int times = token.group(3) == null ? 1 : Integer.parseInt(token.group(3));
        return new Step(kind, times, latency, cause, facts);
    }

    private static Cause cause(String word, Kind kind) throws Unreadable {
        if (kind == Kind.S || kind == Kind.NONE) {
            throw new Unreadable("\"" + word + "\" is neither a duration nor fact=value, and a run that passed has no cause");
        }
        Optional<Cause> cause = Cause.of(word);
        if (cause.isEmpty()) {
            List<String> codes = Arrays.stream(Cause.values()).map(Cause::code).toList();
            throw new Unreadable("there is no cause \"" + word + "\""
                    + Suggestions.didYouMean(word, codes).map(hint -> "; " + hint).orElse(""));
        }
        return cause.get();
    }

    @Override
    public String describe() {
        return "a series of runs (S*5 F(connect_timeout)*3 S)";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return Map.of("type", "string");
    }
}
