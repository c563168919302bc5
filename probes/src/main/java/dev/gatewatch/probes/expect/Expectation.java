package dev.gatewatch.probes.expect;

import dev.gatewatch.probes.httpclient.Coding;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.httpclient.HttpFacts;
import dev.gatewatch.probes.httpclient.HttpVersion;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.JsonValue;
import dev.gatewatch.probes.httpclient.Phase;
import dev.gatewatch.probes.httpclient.RequestKeys;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** What is expected of the final answer. Immutable. */
public record Expectation(
        List<StatusRange> status,
        SequencedMap<String, HeaderExpectation> headers,
        BodyExpectation body,
        Optional<SizeBounds> bodySize,
        List<JsonExpectation> json,
        List<CelExpression> cel,
        Optional<Duration> latency,
        SequencedMap<String, Duration> phases,
        List<HttpVersion> versions,
        List<Coding> compression,
        Optional<Boolean> tls,
        Optional<Integer> redirects,
        Optional<QuotaBound> quotaLeft) {
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
    private static final Key<SizeBounds> BODY_SIZE = Key.optional(
            "body_size", SizeBounds.TYPE, "How large the body may be, after decompression: min and max, as 1kB.");
    private static final Key<SequencedMap<String, JsonCondition>> JSON = Key.optional(
            "json",
            JsonExpectation.type(),
            "JSONPath to the value that must be there: text, number, true, false, null, a list or a mapping; numbers compare by"
                    + " value. Or to comparisons, a mapping of gt, gte, lt, lte (numbers, also those written as text), eq, ne, in (a list),"
                    + " matches, not_matches (RE2, unanchored) or exists (true or false), as {gt: 0, lte: 100}. Each value that a path"
                    + " with wildcards finds must fit.");
    private static final Key<List<CelExpression>> CEL = Key.optional(
            "cel",
            Types.oneOrMore(CelExpression.type()),
            "CEL expressions that must all be true, over body (the JSON document, null where the body is none), text (the body as text),"
                    + " status, headers (by name, whatever the case) and latency_ms, as body.items.size() > 0. They are checked at load.");
    private static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "Longest time for the whole run; above it the run is degraded (latency_high).");
    private static final Key<SequencedMap<String, Duration>> PHASES = Key.optional(
            "phases",
            Types.map(
                    Types.text("a phase (" + String.join(", ", Phase.NAMES) + ")", String.join("|", Phase.NAMES)),
                    Types.duration(Duration.ofMillis(1), Duration.ofHours(1))),
            "Longest time for single phases of the final request, redirects included, as {tls: 300ms}; above it the run is degraded"
                    + " (latency_high).");
    private static final Key<List<Coding>> COMPRESSION = Key.optional(
            "compression",
            Types.oneOrMore(Coding.type()),
            "Content codings of which the body must have one: gzip, br, deflate, zstd, or identity for none. It is asked for, unless"
                    + " compression or an Accept-Encoding header says otherwise.");
    private static final Key<Boolean> OVER_TLS = Key.optional(
            "tls", Types.bool(), "Whether the final answer, after redirects, must come over TLS (true) or without (false).");
    private static final Key<Integer> REDIRECTS = Key.optional(
            "redirects", Types.integer(0, 50), "How many redirects there must be on the way to the final answer.");
    private static final Key<QuotaBound> QUOTA_LEFT = Key.optional(
            "quota_left",
            QuotaBound.type(),
            "How much of the target's quota (X-RateLimit-*, RateLimit) must be left, as a share (10%) or a number of requests (50);"
                    + " with less the run is degraded (quota_low). Where this key is left out: 5% or less of a known limit, or nothing.");
    private static final Key<List<HttpVersion>> VERSION = Key.optional(
            "http_version", Types.oneOrMore(HttpVersion.type()), "HTTP versions that are right: 1.0, 1.1, 2.");

    public static final SectionType<Expectation> TYPE = SectionType.of(
            "expect", List.of(STATUS, HEADERS, BODY, BODY_SIZE, JSON, CEL, LATENCY, PHASES, VERSION, COMPRESSION, OVER_TLS, REDIRECTS, QUOTA_LEFT),
            Expectation::read);

    public static final Expectation DEFAULT = new Expectation(
            StatusRange.SUCCESS,
            new LinkedHashMap<>(),
            BodyExpectation.NONE,
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            new LinkedHashMap<>(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public boolean hasStatus(int code) {
        return status.stream().anyMatch(range -> range.has(code));
    }

    /** What blackbox_exporter exports of what is expected also without an answer. */
    public void begin(Report.Builder report) {
        if (!cel.isEmpty()) {
            report.fact(HttpFacts.FAILED_DUE_TO_CEL, false);
        }
    }

    /** Whether anything of the body is looked at. */
    public boolean readsBody() {
        return !body.isEmpty()
                || !json.isEmpty()
                || cel.stream().anyMatch(CelExpression::readsBody);
    }

    /** Expected values that must not be seen. */
    public List<Secret> secrets() {
        return json.stream()
                .flatMap(e -> e.expected().values().stream())
                .filter(JsonValue::secret)
                .flatMap(value -> value.texts().stream())
                .toList();
    }

    /**
     * The request that can be answered as expected: the compression that is expected is asked for, where the request says nothing of it.
     * A contradiction between both is told to the section.
     *
     * @param section what the request was read from, by {@link RequestKeys#read}
     * @param key where the expectation stands in it
     */
    public HttpRequest agreed(Section section, Key<?> key, HttpRequest request) {
        Optional<String> written = request.header("Accept-Encoding").map(Secret::reveal);
        Key<?> asks = section.has(RequestKeys.COMPRESSION) ? RequestKeys.COMPRESSION : RequestKeys.HEADERS;
        if (readsBody()) {
            List<Coding> unreadable = Arrays.stream(Coding.values())
                    .filter(c -> !c.isReadable() && (compression.contains(c) || written.filter(c::isAcceptable).isPresent()))
                    .toList();
            boolean unknown = written.stream()
                    .flatMap(w -> Arrays.stream(w.split(",")))
                    .map(w -> w.split(";", 2)[0].strip())
                    .anyMatch(w -> !w.equals("*") && Coding.of(w).isEmpty());
            if (!unreadable.isEmpty() || unknown) {
                section.problem(
                        written.isPresent() ? asks : key,
                        (unreadable.isEmpty() ? "a coding" : unreadable.getFirst().word())
                                + " is asked for that cannot be undone here, so that expect could not read the body; gzip, br and"
                                + " deflate can");
            }
        }
        if (compression.isEmpty()) {
            return request;
        }
        if (written.isEmpty()) {
            List<String> wanted = compression.stream()
                    .filter(c -> c != Coding.IDENTITY)
                    .map(Coding::word)
                    .toList();
            return wanted.isEmpty() ? request : request.withHeader("Accept-Encoding", String.join(", ", wanted));
        }
        if (compression.stream().noneMatch(c -> c.isAcceptable(written.get()))) {
            section.problem(
                    asks,
                    (asks == RequestKeys.COMPRESSION ? "compression" : "the header Accept-Encoding") + " asks for " + written.get()
                            + ", and " + key.name() + ".compression expects "
                            + compression.stream().map(Coding::word).collect(Collectors.joining(" or ")));
        }
        return request;
    }

    private static Expectation read(Section section) {
        return new Expectation(
                section.get(STATUS),
                section.find(HEADERS).orElseGet(LinkedHashMap::new),
                section.get(BODY),
                section.find(BODY_SIZE),
                section.find(JSON).map(JsonExpectation::of).orElse(List.of()),
                section.find(CEL).orElse(List.of()),
                section.find(LATENCY),
                section.find(PHASES).orElseGet(LinkedHashMap::new),
                section.find(VERSION).orElse(List.of()),
                section.find(COMPRESSION).orElse(List.of()),
                section.find(OVER_TLS),
                section.find(REDIRECTS),
                section.find(QUOTA_LEFT));
    }
}
