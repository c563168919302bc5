package dev.gatewatch.change;

import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Comparisons as JSON: in the API's answers, and as the store keeps them. Pure functions. */
public final class ComparisonJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Effect NOTHING = new Effect(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    private ComparisonJson() {}

    public static ObjectNode toJson(Comparison comparison) {
        Span span = comparison.span();
        ObjectNode json = JSON.createObjectNode()
                .put("verdict", comparison.verdict().code())
                .put("confidence", Bounds.CONFIDENCE)
                .put("changedAt", time(span.changed()))
                .put("from", time(span.from()))
                .put("to", time(span.to()));
        json.putObject("matters")
                .put("latency", comparison.bounds().latency())
                .put("errorRate", comparison.bounds().errors());
        var probes = json.putArray("probes");
        for (ProbeComparison p : comparison.probes()) {
            ObjectNode probe = probes.addObject()
                    .put("probe", p.series().probe())
                    .put("region", p.series().region())
                    .put("location", p.series().location())
                    .put("verdict", p.verdict().code())
                    .put("seldom", p.seldom());
            put(probe.putObject("latency"), p.latency());
            put(probe.putObject("errorRate"), p.errors());
        }
        return json;
    }

    private static void put(ObjectNode json, Measure measure) {
        json.put("verdict", measure.verdict().code())
                .put("reason", measure.reason())
                .put("runsBefore", measure.runsBefore())
                .put("runsAfter", measure.runsAfter());
        // JSON has no NaN
        number(json, "before", measure.before());
        number(json, "after", measure.after());
        Effect effect = measure.effect().orElse(NOTHING);
        number(json, "change", effect.change());
        number(json, "lower", effect.lower());
        number(json, "upper", effect.upper());
        number(json, "chanceWorse", effect.worse());
        number(json, "chanceBetter", effect.better());
    }

    private static void number(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws RuntimeException where it is something else
     */
    public static Comparison parse(String text) {
        JsonNode json = JSON.readTree(text);
        long changed = millis(json, "changedAt");
        var span = new Span(Long.MIN_VALUE, changed, millis(json, "from"), millis(json, "to"));
        JsonNode matters = json.path("matters");
        return new Comparison(
                verdict(json),
                span,
                new Bounds(matters.path("latency").asDouble(), matters.path("errorRate").asDouble()),
                json.path("probes").valueStream().map(ComparisonJson::probe).toList());
    }

    private static ProbeComparison probe(JsonNode json) {
        return new ProbeComparison(
                new Series(json.path("probe").asString(), json.path("region").asString(), json.path("location").asString()),
                measure(json.path("latency")),
                measure(json.path("errorRate")),
                json.path("seldom").asBoolean());
    }

    private static Measure measure(JsonNode json) {
        Optional<Effect> effect = json.path("change").isNumber()
                ? Optional.of(new Effect(
                        json.path("change").asDouble(),
                        json.path("lower").asDouble(),
                        json.path("upper").asDouble(),
                        json.path("chanceWorse").asDouble(),
                        json.path("chanceBetter").asDouble()))
                : Optional.empty();
        return new Measure(
                json.path("runsBefore").asInt(),
                json.path("runsAfter").asInt(),
                json.path("before").asDouble(Double.NaN),
                json.path("after").asDouble(Double.NaN),
                effect,
                verdict(json),
                json.path("reason").asString());
    }

    private static Verdict verdict(JsonNode json) {
        String code = json.path("verdict").asString();
        for (Verdict verdict : Verdict.values()) {
            if (verdict.code().equals(code)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("no verdict: " + code);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static long millis(JsonNode json, String name) {
        return Instant.parse(json.path(name).asString()).toEpochMilli();
    }
}
