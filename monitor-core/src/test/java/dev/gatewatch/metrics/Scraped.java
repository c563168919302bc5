package dev.gatewatch.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scrape in Prometheus' text format, taken apart as strictly as Prometheus does it. */
record Scraped(String text, Map<String, String> help, Map<String, String> type, List<Sample> samples) {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"(?:,|$)");

    record Sample(String name, Map<String, String> labels, double value) {}

    static Scraped of(Metrics metrics) {
        return parse(text(metrics, ""));
    }

    static String text(Metrics metrics, String accept) {
        var out = new ByteArrayOutputStream();
        try {
            metrics.scrape(accept).body().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    static Scraped parse(String text) {
        var help = new HashMap<String, String>();
        var type = new LinkedHashMap<String, String>();
        var samples = new java.util.ArrayList<Sample>();
        for (String line : text.split("\n")) {
            Matcher comment = COMMENT.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (comment.matches()) {
                var into = comment.group(1).equals("HELP") ? help : type;
                if (into.put(comment.group(2), comment.group(3)) != null) {
                    throw new AssertionError("twice: " + line);
                }
            } else if (sample.matches()) {
                double value = Double.parseDouble(sample.group(3).replace("Inf", "Infinity"));
                var parsed = new Sample(
                        sample.group(1), labels(Optional.ofNullable(sample.group(2)).orElse("")), value);
                if (samples.stream().anyMatch(s -> s.name().equals(parsed.name()) && s.labels().equals(parsed.labels()))) {
                    throw new AssertionError("the same series twice: " + line);
                }
                samples.add(parsed);
            } else {
                throw new AssertionError("not a line of Prometheus' text format: " + line);
            }
        }
        return new Scraped(text, help, type, samples);
    }

    private static Map<String, String> labels(String text) {
        var labels = new TreeMap<String, String>();
        Matcher m = LABEL.matcher(text);
        int end = 0;
        while (m.find() && m.start() == end) {
            if (labels.put(m.group(1), m.group(2)) != null) {
                throw new AssertionError("a label twice: " + text);
            }
            end = m.end();
        }
        if (end != text.length()) {
            throw new AssertionError("not labels: " + text);
        }
        return labels;
    }

    List<Sample> named(String name) {
        return samples.stream().filter(s -> s.name().equals(name)).toList();
    }

    /** The one value of this name whose labels contain these, given as name and value in turns. */
    double value(String name, String... labels) {
        List<Sample> found = named(name).stream()
                .filter(s -> {
                    for (int i = 0; i < labels.length; i += 2) {
                        if (!labels[i + 1].equals(s.labels().get(labels[i]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " samples of " + name + " " + List.of(labels) + ": " + found);
        }
        return found.getFirst().value();
    }
}
