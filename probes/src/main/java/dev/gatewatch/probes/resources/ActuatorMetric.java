package dev.gatewatch.probes.resources;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.net.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/**
 * One metric of Spring Boot Actuator's {@code /actuator/metrics/NAME}: the labels of a selector become tags of the URL, and the label
 * {@code statistic} chooses among the measurements. Pure functions.
 */
final class ActuatorMetric {
    private static final String STATISTIC = "statistic";

    /** Measurements of one metric; real ones have at most four. */
    private static final int MOST_MEASUREMENTS = 100;

    private ActuatorMetric() {}

    /** What Actuator cannot do with a selector; nothing where it can. */
    static Optional<String> unfit(Selector selector) {
        if (selector.aggregated()) {
            return Optional.of("Actuator sums the series itself; write the metric without sum(), max() and the like");
        }
        boolean texts = selector.matchers().stream().allMatch(m -> m instanceof LabelMatcher.Text text && text.wanted());
        return texts
                ? Optional.empty()
                : Optional.of("Actuator knows tags only as tag=\"value\"; !=, =~ and !~ are Prometheus's");
    }

    /** Where to ask for it. */
    static HttpUrl url(HttpUrl metrics, Selector selector) {
        HttpUrl.Builder url = metrics.newBuilder();
        if (metrics.pathSegments().getLast().isEmpty()) {
            url.removePathSegment(metrics.pathSize() - 1);
        }
        url.addPathSegment(selector.metric());
        selector.matchers().forEach(matcher -> {
            if (matcher instanceof LabelMatcher.Text(String label, String value, var _) && !label.equals(STATISTIC)) {
                url.addQueryParameter("tag", label + ":" + value);
            }
        });
        return url.build();
    }

    /**
     * The number in an answer.
     *
     * @throws ProbeFailure where the answer is no metric, or the selector does not say which number is meant
     */
    static double read(Answer answer, Selector selector) throws ProbeFailure {
        JsonNode tree;
        try {
            tree = Json.parse(answer.body().bytes().toByteArray());
        } catch (Json.Invalid e) {
            throw new ProbeFailure(new Failure(
                    Cause.JSON_INVALID, "the answer for " + selector.metric() + " is no JSON: " + e.getMessage()));
        }
        Map<String, Double> measurements = measurements(tree);
        if (measurements.isEmpty()) {
            throw new ProbeFailure(new Failure(
                    Cause.CONTENT_MISMATCH,
                    "the answer for " + selector.metric() + " is no metric of Actuator: it has no measurements"));
        }
        List<String> asked = new ArrayList<>();
        selector.matchers().forEach(matcher -> {
            if (matcher instanceof LabelMatcher.Text(String label, String value, var _) && label.equals(STATISTIC)) {
                asked.add(value);
            }
        });
        String statistic = !asked.isEmpty()
                ? asked.getFirst()
                : measurements.size() == 1 ? measurements.keySet().iterator().next() : "VALUE";
        Double number = measurements.get(statistic);
        if (number == null) {
            throw new ProbeFailure(new Failure(
                    Cause.CONTENT_MISMATCH,
                    selector.metric() + " has the statistics " + String.join(", ", measurements.keySet())
                            + "; choose one by " + STATISTIC + "=\"…\""));
        }
        return number;
    }

    private static Map<String, Double> measurements(JsonNode tree) {
        var measurements = new LinkedHashMap<String, Double>();
        for (JsonNode each : tree.path("measurements")) {
            JsonNode value = each.path("value");
            // Spring writes NaN as a text
            double number = value.isNumber() ? value.decimalValue().doubleValue() : Double.NaN;
            if (Double.isFinite(number) && measurements.size() < MOST_MEASUREMENTS) {
                measurements.put(each.path(STATISTIC).asString(""), number);
            }
        }
        return measurements;
    }
}
