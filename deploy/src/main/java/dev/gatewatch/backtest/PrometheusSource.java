package dev.gatewatch.backtest;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Results as a Prometheus has them: a gauge of seconds and one that is 1 for success, asked for by {@code /api/v1/query_range} in pieces.
 * Metrics of Gatewatch name their probe, region and location; those of blackbox_exporter are told apart by {@code instance} and
 * {@code job}. Source of the answers' form: Prometheus, <i>HTTP API</i>.
 */
public final class PrometheusSource implements Source {
    /** So many points an answer may have, over all series; a few megabytes. */
    private static final int POINTS = 100_000;

    /** Prometheus itself allows 11,000 points a series and answer. */
    private static final int MOST_STEPS = 10_000;

    private static final int LARGEST = 64 << 20;
    private static final int MOST_SAID = 300;
    private static final double LONGEST_RUN = Duration.ofDays(1).toSeconds();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final Query query;
    private final HttpClient client;
    private final Map<Map<String, String>, Member> members = new HashMap<>();
    private final Report pass = Report.builder().build();
    private final Report fail = Report.builder().fail(Cause.HTTP_STATUS, "the probe failed; Prometheus does not know why").build();

    private double share;
    private long alone;

    /**
     * What to ask.
     *
     * @param base of the Prometheus, as {@code http://127.0.0.1:9090}
     * @param latency PromQL for how long a run took, in seconds
     * @param success PromQL for whether it passed, 1 or 0
     * @param from where history begins
     * @param to where it ends
     * @param step between runs
     * @param token sent as a bearer token
     */
    public record Query(
            URI base, String latency, String success, Instant from, Instant to, Duration step, Optional<String> token) {
        /** The gauges of Gatewatch and of blackbox_exporter; each run counts in one step only, however far back Prometheus looks. */
        public static String of(String metric, Duration step) {
            return "last_over_time(" + metric + "[" + Durations.format(step) + "])";
        }
    }

    public PrometheusSource(Query query) {
        this.query = query;
        client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    }

    @Override
    public String name() {
        return "Prometheus at " + query.base().getHost() + (query.base().getPort() < 0 ? "" : ":" + query.base().getPort());
    }

    @Override
    public double done() {
        return share;
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }

    @Override
    public void read(Intake intake) throws IOException {
        long step = query.step().toMillis();
        long end = query.to().toEpochMilli() / step * step;
        long begin = query.from().toEpochMilli() / step * step;
        int series = 0;
        for (long at = begin; at <= end; ) {
            long steps = Math.clamp(POINTS / Math.max(50, series), 1, MOST_STEPS);
            long last = Math.min(end, at + (steps - 1) * step);
            series = Math.max(series, piece(intake, at, last));
            at = last + step;
            share = (double) (at - begin) / Math.max(1, end + step - begin);
            intake.idle();
        }
        if (alone > 0) {
            intake.note(alone + " values had only a latency or only a success, and count for nothing");
        }
    }

    /** All runs of a stretch of time, in the order of time; answers how many series there were. */
    private int piece(Intake intake, long from, long to) throws IOException {
        Map<Map<String, String>, double[]> seconds = ask(query.latency(), from, to);
        Map<Map<String, String>, double[]> successes = ask(query.success(), from, to);
        var judged = new ArrayList<Member>();
        var durations = new ArrayList<double[]>();
        var passed = new ArrayList<double[]>();
        for (Map.Entry<Map<String, String>, double[]> each : successes.entrySet()) {
            double[] took = seconds.get(each.getKey());
            if (took == null) {
                alone += Arrays.stream(each.getValue()).filter(value -> !Double.isNaN(value)).count();
            } else {
                judged.add(member(intake, each.getKey()));
                durations.add(took);
                passed.add(each.getValue());
            }
        }
        long step = query.step().toMillis();
        for (int i = 0; from + i * step <= to; i++) {
            for (int line = 0; line < judged.size(); line++) {
                double success = passed.get(line)[i];
                double took = durations.get(line)[i];
                if (took >= 0 && took <= LONGEST_RUN && !Double.isNaN(success)) {
                    intake.add(judged.get(line), from + i * step, Math.round(took * 1e9), success == 1 ? pass : fail, 0);
                } else if (!Double.isNaN(took) || !Double.isNaN(success)) {
                    alone++;
                }
            }
        }
        return successes.size();
    }

    private Member member(Intake intake, Map<String, String> labels) {
        Member known = members.get(labels);
        if (known != null) {
            return known;
        }
        Member made = intake.member(
                probe(labels),
                labels.getOrDefault("region", ""),
                labels.getOrDefault("location", ""),
                labels.getOrDefault("type", ""),
                labels,
                name());
        members.put(labels, made);
        return made;
    }

    /** What Gatewatch calls it; of blackbox_exporter the instance, with its job where several probe it. */
    private String probe(Map<String, String> labels) {
        String own = labels.getOrDefault("probe", "");
        if (!own.isEmpty()) {
            return own;
        }
        String job = labels.getOrDefault("job", "");
        String instance = labels.getOrDefault("instance", job.isEmpty() ? labels.toString() : job);
        boolean taken = members.keySet().stream().anyMatch(other -> other.getOrDefault("instance", "").equals(instance));
        return taken ? instance + " (" + job + ")" : instance;
    }

    /** The values of each series, step by step; NaN where there is none. */
    private Map<Map<String, String>, double[]> ask(String promql, long from, long to) throws IOException {
        String form = "query=" + encoded(promql) + "&start=" + seconds(from) + "&end=" + seconds(to) + "&step=" + seconds(query.step().toMillis());
        var request = HttpRequest.newBuilder(endpoint())
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        query.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try {
            HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            byte[] body;
            try (InputStream in = answer.body()) {
                body = in.readNBytes(LARGEST + 1);
            }
            if (body.length > LARGEST) {
                throw new Unusable(name() + " answers more than " + (LARGEST >> 20)
                        + " MB to one question; ask for less with --query-latency and --query-success");
            }
            return points(promql, answer.statusCode(), body, from, to);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Interrupted();
        } catch (IOException e) {
            throw new Unusable("cannot ask " + name() + ": " + (e.getMessage() == null ? "no connection" : e.getMessage()));
        }
    }

    private URI endpoint() {
        String base = query.base().toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + "api/v1/query_range");
    }

    private Map<Map<String, String>, double[]> points(String promql, int status, byte[] body, long from, long to) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JacksonException _) {
            throw new Unusable(name() + " answers with status " + status + " and no JSON: is it a Prometheus?");
        }
        if (!json.path("status").asString("").equals("success")) {
            String error = json.path("error").asString("");
            throw new Unusable(name() + " refuses " + promql + " (status " + status + "): "
                    + (error.length() > MOST_SAID ? error.substring(0, MOST_SAID) + "…" : error));
        }
        long step = query.step().toMillis();
        var all = new LinkedHashMap<Map<String, String>, double[]>();
        for (JsonNode series : json.path("data").path("result")) {
            double[] values = new double[(int) ((to - from) / step) + 1];
            Arrays.fill(values, Double.NaN);
            for (JsonNode point : series.path("values")) {
                long index = (Math.round(point.path(0).asDouble(0) * 1_000) - from) / step;
                if (index >= 0 && index < values.length) {
                    values[(int) index] = number(point.path(1).asString("NaN"));
                }
            }
            var labels = new TreeMap<String, String>();
            series.path("metric").properties().forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
            labels.remove("__name__");
            all.put(labels, values);
        }
        return all;
    }

    /** Prometheus writes infinity as +Inf, which is no duration. */
    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String seconds(long millis) {
        return millis % 1_000 == 0 ? Long.toString(millis / 1_000) : Double.toString(millis / 1e3);
    }
}
