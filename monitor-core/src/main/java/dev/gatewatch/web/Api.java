package dev.gatewatch.web;

import dev.gatewatch.metrics.Exposition;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.ResultJson;
import dev.gatewatch.store.StoreException;
import dev.gatewatch.view.NoticeLog;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.Snapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.json.JsonMapper;

/** The routes for programs: the JSON API, the scrape, health and reload. */
final class Api {
    static final String PREFIX = "/api/";

    /** Where blackbox_exporter is asked. */
    static final String PROBE = "/probe";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Sources sources;
    private final byte[] description;

    Api(Sources sources) {
        this.sources = sources;
        this.description = description(sources.daemon().version());
    }

    void register(RoutesConfig routes) {
        routes.get("/api/v1/openapi.json", this::openApi);
        routes.get("/api/v1/probes", ctx -> json(ctx, 200, ApiJson.probes(sources.snapshot().get())));
        routes.get("/api/v1/results", this::results);
        routes.get("/api/v1/baselines", this::baselines);
        routes.get(
                "/api/v1/alerts",
                ctx -> json(ctx, 200, sources.snapshot().get().alerts().stream().map(ApiJson::alert).toList()));
        routes.get("/api/v1/status", ctx -> json(ctx, 200, ApiJson.status(sources)));
        routes.get("/api/v1/notices", this::notices);
        routes.get("/metrics", this::metrics);
        routes.get(PROBE, this::onDemand);
        routes.get("/-/healthy", ctx -> text(ctx, 200, "Healthy\n"));
        routes.get("/-/ready", this::ready);
        routes.post("/-/reload", this::reload);
    }

    /** Answers {@code value} as JSON. */
    static void json(Context ctx, int status, Object value) {
        ctx.status(status).contentType("application/json").result(JSON.writeValueAsBytes(value));
    }

    private static void text(Context ctx, int status, String words) {
        ctx.status(status).contentType("text/plain; charset=utf-8").result(words);
    }

    private void openApi(Context ctx) {
        ctx.contentType("application/json").result(description);
    }

    private void results(Context ctx) throws IOException {
        ResultsQuery asked = ResultsQuery.read(ctx.queryParamMap(), sources.clock().instant());
        List<Result> found = fromStore(() -> sources.results().apply(asked.query()));
        ctx.contentType("application/json");
        // written one by one: ten thousand results with their evidence need not stand in memory a second time
        try (SequenceWriter array = JSON.writer().writeValuesAsArray(ctx.outputStream())) {
            for (Result result : found) {
                var json = ResultJson.toJson(result);
                if (asked.brief()) {
                    json.putObject("facts");
                    json.putArray("evidence");
                }
                array.write(json);
            }
        }
    }

    private void baselines(Context ctx) {
        var given = new Parameters(ctx.queryParamMap(), "probe", "region", "since");
        String probe = given.find("probe")
                .orElseThrow(() -> new Refusal(400, "probe is missing: say whose baselines, as /api/v1/baselines?probe=NAME"));
        Optional<String> region = given.find("region");
        Instant since = ResultsQuery.since(given.text("since"), sources.clock().instant());
        Snapshot snapshot = sources.snapshot().get();
        json(
                ctx,
                200,
                snapshot.probes().stream()
                        .filter(s -> s.series().probe().equals(probe))
                        .filter(s -> region.isEmpty() || s.series().region().equals(region.get()))
                        .map(s -> ApiJson.bands(s, since, snapshot.at()))
                        .toList());
    }

    private void notices(Context ctx) {
        NoticeLog.Query asked = NoticesQuery.read(ctx.queryParamMap());
        List<NoticeView> found = fromStore(() -> sources.notices().find(asked));
        json(ctx, 200, found.stream().map(ApiJson::notice).toList());
    }

    static <T> T fromStore(Supplier<T> question) {
        try {
            return question.get();
        } catch (StoreException e) {
            throw new Refusal(503, "the store cannot be read: " + e.getMessage());
        }
    }

    private void metrics(Context ctx) throws IOException {
        Exposition exposition = sources.metrics().apply(orEmpty(ctx.header("Accept")));
        ctx.contentType(exposition.contentType());
        exposition.body().writeTo(ctx.outputStream());
    }

    private void onDemand(Context ctx) throws IOException {
        var asked = new OnDemandProbe.Asked(
                ctx.queryParamMap(),
                Optional.ofNullable(ctx.header("X-Prometheus-Scrape-Timeout-Seconds")),
                orEmpty(ctx.header("Accept")));
        try {
            OnDemandProbe.Answer answer = sources.onDemand().answer(asked);
            ctx.status(answer.status()).contentType(answer.body().contentType());
            answer.body().body().writeTo(ctx.outputStream());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Refusal(503, "the daemon stops");
        }
    }

    private void ready(Context ctx) {
        Optional<String> why = sources.notReady().get().or(sources.storeTrouble());
        text(ctx, why.isEmpty() ? 200 : 503, why.map(w -> "not ready: " + w + "\n").orElse("Ready\n"));
    }

    private void reload(Context ctx) {
        ReloadOutcome outcome = sources.reload().get();
        String problems = String.join("\n", outcome.problems());
        String head = outcome.taken()
                ? "the configuration was taken\n"
                : "the configuration was not taken; the old one goes on\n";
        text(ctx, outcome.taken() ? 200 : 500, head + (problems.isEmpty() ? "" : problems + "\n"));
    }

    private static byte[] description(String version) {
        try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
            String text = new String(
                    java.util.Objects.requireNonNull(in, "openapi.json is not on the class path").readAllBytes(),
                    StandardCharsets.UTF_8);
            return text.replace("\"${version}\"", JSON.writeValueAsString(version)).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("openapi.json cannot be read", e);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
