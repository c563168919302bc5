package dev.gatewatch.probes.resources;

import dev.gatewatch.probes.resources.Scanner.Malformed;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads a metrics page: Prometheus's text format 0.0.4 and OpenMetrics 1.0, which differ in nothing that matters here. Strict, as
 * Prometheus is: one malformed line makes the page malformed. Bounded in the length of a line and its number of labels; the page itself
 * is bounded by whoever fetched it. Pure functions.
 */
final class Exposition {
    private static final int LONGEST_LINE = 64 * 1_024;
    private static final int MOST_LABELS = 100;

    /** As much of a malformed line as is quoted. */
    private static final int QUOTED = 60;

    /** What Go's parser takes and Java's does too; Java's takes more, such as {@code 1d}. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|[+-]?0[xX][0-9a-fA-F.]+[pP][+-]?\\d+");

    private Exposition() {}

    /**
     * Hands each sample of a page to a taker, in the page's order; values may be NaN or infinite.
     *
     * @throws Malformed with the line's number and what is wrong with it
     */
    static void read(String page, Consumer<Sample> taker) throws Malformed {
        int from = 0;
        for (int number = 1; from < page.length(); number++) {
            int end = page.indexOf('\n', from);
            end = end < 0 ? page.length() : end;
            if (end - from > LONGEST_LINE) {
                throw new Malformed("line " + number + " has more than " + LONGEST_LINE + " characters");
            }
            String line = page.substring(from, end).strip();
            from = end + 1;
            if (line.equals("# EOF")) {
                return;
            }
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            try {
                taker.accept(sample(line));
            } catch (Malformed e) {
                String shown = line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "…";
                throw new Malformed("line " + number + " is no metric: " + e.getMessage() + ": " + shown);
            }
        }
    }

    private static Sample sample(String line) throws Malformed {
        var in = new Scanner(line);
        String metric = Scanner.startsName(in.peek()) ? in.run(Scanner::inName) : "";
        SequencedMap<String, String> labels = new LinkedHashMap<>();
        in.blanks();
        if (in.take('{')) {
            metric = labels(in, metric, labels);
        }
        if (metric.isEmpty()) {
            throw in.malformed("a metric's name");
        }
        in.blanks();
        String text = in.word();
        OptionalDouble value = number(text);
        if (value.isEmpty()) {
            throw new Malformed("\"" + text.substring(0, Math.min(20, text.length())) + "\" is no number");
        }
        in.blanks();
        if (!in.atEnd() && in.peek() != '#' && number(in.word()).isEmpty()) {
            throw new Malformed("the timestamp is no number");
        }
        in.blanks();
        // what follows a # is an exemplar of OpenMetrics
        if (!in.atEnd() && in.peek() != '#') {
            throw in.malformed("the end of the line");
        }
        return new Sample(metric, labels, value.getAsDouble());
    }

    /** Reads to the closing brace; a quoted name without a value is the metric's (Prometheus 3). */
    private static String labels(Scanner in, String outer, SequencedMap<String, String> labels) throws Malformed {
        String metric = outer;
        in.blanks();
        while (!in.take('}')) {
            boolean quoted = in.peek() == '"';
            String name = quoted ? in.quoted() : in.run(Scanner::inName);
            in.blanks();
            if (quoted && metric.isEmpty() && in.peek() != '=') {
                metric = name;
            } else {
                if (name.isEmpty()) {
                    throw in.malformed("a label's name");
                }
                in.want('=');
                in.blanks();
                labels.put(name, in.quoted());
                if (labels.size() > MOST_LABELS) {
                    throw new Malformed("more than " + MOST_LABELS + " labels");
                }
            }
            in.blanks();
            if (!in.take(',') && in.peek() != '}') {
                throw in.malformed("\",\" or \"}\"");
            }
            in.blanks();
        }
        return metric;
    }

    private static OptionalDouble number(String text) {
        Optional<Double> word =
                switch (text) {
                    case "NaN", "nan" -> Optional.of(Double.NaN);
                    case "+Inf", "Inf", "+inf", "inf" -> Optional.of(Double.POSITIVE_INFINITY);
                    case "-Inf", "-inf" -> Optional.of(Double.NEGATIVE_INFINITY);
                    default -> Optional.empty();
                };
        if (word.isPresent()) {
            return OptionalDouble.of(word.get());
        }
        if (text.length() > 400 || !NUMBER.matcher(text).matches()) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }
}
