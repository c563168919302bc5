package dev.gatewatch.probe;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@link Result} as JSON: what the API answers and the command line prints. Durations are milliseconds with three decimals; class,
 * cause and remedy are {@code null} for a pass. Stateless, safe for many threads.
 *
 * <p>Reading is strict about shape and size, and tolerant of what a newer version may have written: unknown fields are ignored, and a
 * cause that is not in the list becomes the most general one of its class, its code kept in the message.
 */
public final class ResultJson {
    /** The longest JSON of one result that is read. */
    public static final int MOST_BYTES = 1 << 20;

    /** The most phases, facts or pieces of evidence that are read. */
    static final int MOST_ENTRIES = 200;

    private static final BigDecimal MOST_MS = BigDecimal.valueOf(Long.MAX_VALUE / 1_000_000);

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MOST_BYTES)
                            .maxNestingDepth(20)
                            .maxNameLength(1_000)
                            .maxNumberLength(100)
                            .maxStringLength(100_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ResultJson() {}

    public static ObjectNode toJson(Result result) {
        Report report = result.report();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("probe", result.series().probe())
                .put("type", result.type())
                .put("target", result.target())
                .put("region", result.series().region())
                .put("location", result.series().location())
                .put("startedAt", result.startedAt().toString())
                .put("durationMs", millis(result.duration()))
                .put("outcome", result.outcome().code())
                .put("class", report.cause().map(c -> c.causeClass().code()).orElse(null))
                .put("cause", report.cause().map(Cause::code).orElse(null))
                .put("message", report.message());
        var phases = json.putObject("phases");
        report.phases().forEach((name, took) -> phases.put(name, millis(took)));
        var facts = json.putObject("facts");
        report.facts().forEach((name, fact) -> {
            switch (fact.value()) {
                case Long number -> facts.put(name, number);
                case Double number -> facts.put(name, number);
                case Boolean flag -> facts.put(name, flag);
                default -> facts.put(name, fact.value().toString());
            }
        });
        var evidence = json.putArray("evidence");
        report.evidence()
                .forEach(e -> evidence.addObject().put("title", e.title()).put("text", e.text()));
        json.put("remedy", report.cause().map(Cause::remedy).orElse(null));
        return json;
    }

    public static byte[] toBytes(Result result) {
        return MAPPER.writeValueAsBytes(toJson(result));
    }

    /**
     * Reads what {@link #toBytes} or a newer version of it wrote.
     *
     * @throws IllegalArgumentException with one line for a person, when it is not a result
     */
    public static Result fromBytes(byte[] bytes) {
        try {
            return fromJson(MAPPER.readTree(bytes));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not the JSON of a result: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads what {@link #toJson} or a newer version of it made.
     *
     * @throws IllegalArgumentException with one line for a person, when it is not a result
     */
    public static Result fromJson(JsonNode json) {
        if (!(json instanceof ObjectNode)) {
            throw new IllegalArgumentException("not a result: expected a JSON object");
        }
        var series = new Series(text(json, "probe"), text(json, "region"), text(json, "location"));
        Outcome outcome = outcome(text(json, "outcome"));
        String message = text(json, "message");
        Optional<Cause> cause = Optional.empty();
        if (outcome != Outcome.PASS) {
            String code = text(json, "cause");
            cause = Optional.of(Cause.of(code).orElseGet(() -> general(outcome, text(json, "class"))));
            if (Cause.of(code).isEmpty()) {
                message = "(" + code + ") " + message;
            }
        }
        var report = new Report(outcome, cause, message, phases(json), facts(json), evidence(json));
        return new Result(
                series, text(json, "type"), text(json, "target"), instant(json), duration(json, "durationMs"), report);
    }

    /**
     * What to take for a cause that this version does not know: the most general one of its class.
     *
     * @param causeClass the class's code as it was written; an unknown one counts as {@code request}
     */
    public static Cause general(Outcome outcome, String causeClass) {
        if (outcome == Outcome.BROKEN) {
            return Cause.INTERNAL_ERROR;
        }
        return switch (causeClass) {
            case "environment" -> Cause.HEALTH_DOWN;
            case "identity" -> Cause.CREDENTIAL_REJECTED;
            case "network" -> Cause.CONNECTION_RESET;
            case "capacity" -> Cause.SERVER_OVERLOADED;
            default -> Cause.REQUEST_REFUSED;
        };
    }

    private static BigDecimal millis(Duration duration) {
        return BigDecimal.valueOf(Math.floorDiv(duration.toNanos(), 1_000), 3);
    }

    private static Duration millis(String name, JsonNode value) {
        if (!value.isNumber()) {
            throw new IllegalArgumentException("not a result: \"" + name + "\" is not a number of milliseconds");
        }
        BigDecimal ms = value.decimalValue();
        if (ms.signum() < 0 || ms.compareTo(MOST_MS) > 0) {
            throw new IllegalArgumentException("not a result: \"" + name + "\" is out of range");
        }
        return Duration.ofNanos(
                ms.movePointRight(6).setScale(0, RoundingMode.DOWN).longValue());
    }

    private static Duration duration(JsonNode json, String name) {
        return millis(name, json.path(name));
    }

    private static Instant instant(JsonNode json) {
        try {
            return Instant.parse(text(json, "startedAt"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a result: \"startedAt\" is not a time as 2026-01-31T12:00:00Z", e);
        }
    }

    private static Outcome outcome(String code) {
        for (Outcome outcome : Outcome.values()) {
            if (outcome.code().equals(code)) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("not a result: unknown outcome");
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isString()) {
            throw new IllegalArgumentException("not a result: text \"" + name + "\" is missing");
        }
        return value.stringValue();
    }

    private static SequencedMap<String, Duration> phases(JsonNode json) {
        var phases = new LinkedHashMap<String, Duration>();
        bounded(json.path("phases")).properties().forEach(p -> phases.put(p.getKey(), millis(p.getKey(), p.getValue())));
        return phases;
    }

    private static SequencedMap<String, Fact> facts(JsonNode json) {
        var facts = new LinkedHashMap<String, Fact>();
        bounded(json.path("facts")).properties().forEach(p -> {
            JsonNode value = p.getValue();
            if (value.isNumber()) {
                facts.put(p.getKey(), Fact.of(value.asDouble()));
            } else if (value.isBoolean()) {
                facts.put(p.getKey(), Fact.of(value.booleanValue()));
            } else if (value.isString()) {
                facts.put(p.getKey(), Fact.of(value.stringValue()));
            }
            // another kind of fact is a newer version's and means nothing here
        });
        return facts;
    }

    private static List<Evidence> evidence(JsonNode json) {
        var evidence = new ArrayList<Evidence>();
        bounded(json.path("evidence")).forEach(e -> evidence.add(new Evidence(text(e, "title"), text(e, "text"))));
        return evidence;
    }

    private static JsonNode bounded(JsonNode node) {
        if (node.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException("not a result: more than " + MOST_ENTRIES + " entries in one field");
        }
        return node;
    }
}
