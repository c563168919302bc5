package dev.gatewatch.probes.expect;

import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.HttpVersion;
import dev.gatewatch.probes.httpclient.JsonValue;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What is expected of the final answer. Immutable. */
public record Expectation(
        List<StatusRange> status,
        SequencedMap<String, HeaderExpectation> headers,
        BodyExpectation body,
        List<JsonExpectation> json,
        Optional<Duration> latency,
        List<HttpVersion> versions) {
    private static final Key<List<StatusRange>> STATUS = Key.withDefault(
            "status",
            Types.oneOrMore(StatusRange.type()),
            StatusRange.SUCCESS,
            "2xx",
            "Statuses that are right: numbers, or classes such as 2xx. A redirect whose status is listed is the answer and is not"
                    + " followed.");
    private static final Key<SequencedMap<String, HeaderExpectation>> HEADERS = Key.optional(
            "headers",
            Types.map(HeaderText.nameType(), HeaderExpectation.type()),
            "Header name to a regular expression (RE2, unanchored) that one of its values must match, or to a mapping with matches,"
                    + " not_matches and allow_missing.");
    private static final Key<BodyExpectation> BODY = Key.withDefault(
            "body",
            BodyExpectation.type(),
            BodyExpectation.NONE,
            "anything",
            "Text that the body must contain, or a mapping with lists contains, not_contains, matches and not_matches.");
    private static final Key<SequencedMap<String, JsonValue>> JSON = Key.optional(
            "json",
            JsonExpectation.type(),
            "JSONPath to the value that must be there: text, number, true, false, null, a list or a mapping. Numbers compare by"
                    + " value; each value that a path with wildcards finds must fit.");
    private static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "Longest time for the whole run; above it the run is degraded (latency_high).");
    private static final Key<List<HttpVersion>> VERSION = Key.optional(
            "http_version", Types.oneOrMore(HttpVersion.type()), "HTTP versions that are right: 1.0, 1.1, 2.");

    public static final SectionType<Expectation> TYPE = SectionType.of(
            "expect", List.of(STATUS, HEADERS, BODY, JSON, LATENCY, VERSION), Expectation::read);

    public static final Expectation DEFAULT = new Expectation(
            StatusRange.SUCCESS,
            new LinkedHashMap<>(),
            BodyExpectation.NONE,
            List.of(),
            Optional.empty(),
            List.of());

    public boolean hasStatus(int code) {
        return status.stream().anyMatch(range -> range.has(code));
    }

    /** Whether anything of the body is looked at. */
    public boolean readsBody() {
        return !body.isEmpty() || !json.isEmpty();
    }

    /** Expected values that must not be seen. */
    public List<Secret> secrets() {
        return json.stream()
                .filter(e -> e.expected().secret())
                .flatMap(e -> e.expected().texts().stream())
                .toList();
    }

    private static Expectation read(Section section) {
        return new Expectation(
                section.get(STATUS),
                section.find(HEADERS).orElseGet(LinkedHashMap::new),
                section.get(BODY),
                section.find(JSON).map(JsonExpectation::of).orElse(List.of()),
                section.find(LATENCY),
                section.find(VERSION).orElse(List.of()));
    }
}
