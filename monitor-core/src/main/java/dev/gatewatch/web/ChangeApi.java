package dev.gatewatch.web;

import dev.gatewatch.change.Comparison;
import dev.gatewatch.change.ComparisonJson;
import dev.gatewatch.config.Durations;
import dev.gatewatch.view.ChangeView;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.web.page.EffectPicture;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes by which pipelines and the command line mark changes and ask what became of them. */
final class ChangeApi {
    private final Sources sources;
    private final ChangeDesk desk;

    ChangeApi(Sources sources) {
        this.sources = sources;
        this.desk = sources.desk().changes();
    }

    void register(RoutesConfig routes) {
        routes.get("/api/v1/changes", this::list);
        routes.post("/api/v1/changes", this::begin);
        routes.post("/api/v1/changes/{change}/end", this::end);
        routes.get("/api/v1/changes/{change}", this::show);
        routes.get("/api/v1/changes/{change}/picture.svg", this::picture);
    }

    /** All, or those that are about a probe, or went on since a moment. */
    private void list(Context ctx) {
        var given = new Parameters(ctx.queryParamMap(), "probe", "region", "since");
        Instant since = given.find("since").map(text -> ResultsQuery.since(text, now())).orElse(Instant.MIN);
        Optional<String> probe = given.find("probe");
        Optional<String> region = given.find("region");
        if (region.isPresent() && probe.isEmpty()) {
            throw new Refusal(400, "probe is missing: say whose region, as /api/v1/changes?probe=NAME&region=" + region.get());
        }
        List<SeriesView> of = sources.snapshot().get().probes().stream()
                .filter(s -> probe.equals(Optional.of(s.series().probe())))
                .filter(s -> region.isEmpty() || s.series().region().equals(region.get()))
                .toList();
        Api.json(
                ctx,
                200,
                taken(desk::changes).stream()
                        .filter(change -> change.endedAt().isEmpty() || !change.endedAt().get().isBefore(since))
                        .filter(change -> probe.isEmpty() || of.stream().anyMatch(s -> change.isAbout(s::property)))
                        .map(change -> json(change, now()))
                        .toList());
    }

    private void begin(Context ctx) {
        var body = new JsonBody(ctx.bodyAsBytes(), "id", "labels", "by", "comment");
        Map<String, String> labels = body.textMap("labels");
        ChangeView begun = taken(() -> desk.begin(body.text("id"), labels, DeskApi.by(ctx, body), body.text("comment")));
        Api.json(ctx, 201, json(begun, now()));
    }

    private void end(Context ctx) {
        var body = new JsonBody(ctx.bodyAsBytes(), "watch");
        String length = body.text("watch");
        Optional<Duration> watched = length.isEmpty()
                ? Optional.empty()
                : Optional.of(Durations.parse(length).orElseThrow(() -> Parameters.wrong("watch should be a time as 30s, 10m, 1h", length)));
        String id = ctx.pathParam("change");
        ChangeView ended = taken(() -> desk.end(id, watched)).orElseThrow(() -> unknown(id));
        var json = json(ended, now());
        json.put("enoughUntil", ApiJson.time(ended.endedAt().orElseThrow().plus(desk.enough(ended))));
        Api.json(ctx, 200, json);
    }

    private void show(Context ctx) {
        ChangeView change = found(ctx);
        Comparison comparison = taken(() -> desk.compared(change));
        var json = json(desk.change(change.id()).orElse(change), now());
        json.put("comparison", ComparisonJson.toJson(comparison));
        Api.json(ctx, 200, json);
    }

    private void picture(Context ctx) {
        ChangeView change = found(ctx);
        ctx.contentType("image/svg+xml").result(EffectPicture.alone(change, taken(() -> desk.compared(change))));
    }

    private ChangeView found(Context ctx) {
        String id = ctx.pathParam("change");
        return desk.change(id).orElseThrow(() -> unknown(id));
    }

    private static Refusal unknown(String id) {
        return new Refusal(404, "there is no change \"" + id + "\"");
    }

    /** What the desk refuses is the caller's mistake, what the store refuses is ours. */
    static <T> T taken(Supplier<T> doing) {
        return DeskApi.taken(doing);
    }

    private Instant now() {
        return sources.clock().instant();
    }

    private static Map<String, @Nullable Object> json(ChangeView change, Instant now) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("id", change.id());
        json.put("state", change.state(now).code());
        json.put("labels", change.labels());
        json.put("comment", change.comment());
        json.put("by", change.by());
        json.put("beganAt", ApiJson.time(change.beganAt()));
        json.put("endedAt", change.endedAt().map(ApiJson::time).orElse(null));
        json.put("watchedUntil", change.watchedUntil().map(ApiJson::time).orElse(null));
        json.put("verdict", change.verdict().isEmpty() ? null : change.verdict());
        return json;
    }
}
