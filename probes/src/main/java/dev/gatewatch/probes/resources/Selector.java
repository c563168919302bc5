package dev.gatewatch.probes.resources;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.resources.Scanner.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which series of a target to take and how to make one number of them: {@code max(pool_active{pool="orders",host=~"a.*"})}. Immutable.
 *
 * @param text as written
 */
record Selector(String text, Aggregation aggregation, boolean aggregated, String metric, List<LabelMatcher> matchers) {
    private static final int LONGEST = 2_000;

    Selector {
        matchers = List.copyOf(matchers);
    }

    static final ValueType<Selector> TYPE = new ValueType<>() {
        @Override
        public Optional<Selector> read(Node node, Reading reading) {
            if (!(node instanceof Node.Scalar s) || s.tag() == Node.Tag.NULL) {
                reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                return Optional.empty();
            }
            try {
                return Optional.of(parse(s.text()));
            } catch (Malformed e) {
                reading.problems()
                        .error(
                                s,
                                "not a selector: " + e.getMessage(),
                                "write it as metric, metric{label=\"x\"} or sum(metric{label=~\"x.*\"})");
                return Optional.empty();
            }
        }

        @Override
        public String describe() {
            return "a selector, as metric{label=\"x\"} or max(metric)";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "string");
        }
    };

    static Selector parse(String text) throws Malformed {
        if (text.length() > LONGEST) {
            throw new Malformed("it has more than " + LONGEST + " characters");
        }
        var in = new Scanner(text.strip());
        in.blanks();
        String metric = metric(in);
        in.blanks();
        Aggregation aggregation = Aggregation.SUM;
        boolean aggregated = in.take('(');
        if (aggregated) {
            String word = metric;
            aggregation = Aggregation.of(word)
                    .orElseThrow(() -> new Malformed("\"" + word + "\" is none of " + Aggregation.words()));
            in.blanks();
            metric = metric(in);
            in.blanks();
        }
        var matchers = new ArrayList<LabelMatcher>();
        if (in.take('{')) {
            metric = matchers(in, metric, matchers);
        }
        if (metric.isEmpty()) {
            throw in.malformed("a metric's name");
        }
        in.blanks();
        if (aggregated) {
            in.want(')');
            in.blanks();
        }
        if (!in.atEnd()) {
            throw in.malformed("the end");
        }
        return new Selector(text.strip(), aggregation, aggregated, metric, matchers);
    }

    /** Prometheus's names, and Spring's with dots. */
    private static String metric(Scanner in) {
        return Scanner.startsName(in.peek()) ? in.run(c -> Scanner.inName(c) || c == '.' || c == '-') : "";
    }

    private static String matchers(Scanner in, String outer, List<LabelMatcher> matchers) throws Malformed {
        String metric = outer;
        in.blanks();
        while (!in.take('}')) {
            boolean quoted = in.peek() == '"';
            String label = quoted ? in.quoted() : in.run(c -> Scanner.inName(c) || c == '.' || c == '-');
            in.blanks();
            if (quoted && metric.isEmpty() && (in.peek() == ',' || in.peek() == '}')) {
                metric = label;
            } else if (label.isEmpty()) {
                throw in.malformed("a label's name");
            } else {
                matchers.add(matcher(in, label));
            }
            in.blanks();
            if (!in.take(',') && in.peek() != '}') {
                throw in.malformed("\",\" or \"}\"");
            }
            in.blanks();
        }
        return metric;
    }

    private static LabelMatcher matcher(Scanner in, String label) throws Malformed {
        boolean wanted = !in.take('!');
        boolean regex = wanted ? in.take('=') && in.take('~') : in.take('~');
        if (!regex && !wanted) {
            in.want('=');
        }
        in.blanks();
        if (in.peek() != '"') {
            throw in.malformed("=, !=, =~ or !~ and a value in double quotes");
        }
        String value = in.quoted();
        if (!regex) {
            return new LabelMatcher.Text(label, value, wanted);
        }
        try {
            return new LabelMatcher.Regex(label, Pattern.compile(value), wanted);
        } catch (PatternSyntaxException e) {
            throw new Malformed("the expression for " + label + " is not RE2: " + e.getDescription());
        }
    }

    boolean takes(Sample sample) {
        return sample.metric().equals(metric)
                && matchers.stream().allMatch(m -> m.matches(sample.label(m.label())));
    }

    @Override
    public String toString() {
        return text;
    }

    /** How one number is made of several series. */
    enum Aggregation {
        SUM,
        MAX,
        MIN,
        AVG,
        COUNT;

        static Optional<Aggregation> of(String word) {
            for (Aggregation each : values()) {
                if (each.word().equals(word)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }

        static String words() {
            return String.join(", ", java.util.Arrays.stream(values()).map(Aggregation::word).toList());
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
