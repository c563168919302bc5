package dev.gatewatch.web;

import dev.gatewatch.config.Durations;
import dev.gatewatch.view.Handling.Acknowledgement;
import dev.gatewatch.view.MaintenanceView;
import dev.gatewatch.view.SilenceView;
import dev.gatewatch.web.AlertDesk.ChannelTest;
import dev.gatewatch.web.AlertDesk.SilenceRequest;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes by which programs and the command line handle alerts. */
final class DeskApi {
    /** Where another Alertmanager sends its webhook. */
    static final String INBOUND = "/api/v1/inbound/alertmanager";

    private static final Duration USUAL_SILENCE = Duration.ofHours(2);

    private final Sources sources;
    private final AlertDesk desk;

    DeskApi(Sources sources) {
        this.sources = sources;
        this.desk = sources.desk();
    }

    void register(RoutesConfig routes) {
        routes.post("/api/v1/alerts/{alert}/acknowledgement", this::acknowledge);
        routes.delete("/api/v1/alerts/{alert}/acknowledgement", this::withdraw);
        routes.get("/api/v1/silences", ctx -> Api.json(
                ctx, 200, desk.silences().stream().map(s -> silence(s, now())).toList()));
        routes.post("/api/v1/silences", this::silence);
        routes.delete("/api/v1/silences/{silence}", this::expire);
        routes.get("/api/v1/maintenance", ctx -> Api.json(
                ctx, 200, desk.maintenance().stream().map(DeskApi::window).toList()));
        routes.post(INBOUND, this::inbound);
        routes.post("/api/v1/channels/{channel}/test", this::testChannel);
        routes.post("/api/v1/notices/{notice}/revive", this::revive);
    }

    private void acknowledge(Context ctx) {
        var body = new JsonBody(ctx.bodyAsBytes(), "by", "comment");
        String alert = ctx.pathParam("alert");
        Acknowledgement done = taken(() -> desk.acknowledge(alert, by(ctx, body), body.text("comment")))
                .orElseThrow(() -> noSuchAlert(alert));
        Api.json(ctx, 200, acknowledgement(done));
    }

    private void withdraw(Context ctx) {
        String alert = ctx.pathParam("alert");
        if (!taken(() -> desk.withdraw(alert))) {
            throw new Refusal(404, "no open alert \"" + alert + "\" is acknowledged");
        }
        ctx.status(204);
    }

    private void silence(Context ctx) {
        var body = new JsonBody(ctx.bodyAsBytes(), "matchers", "startsAt", "endsAt", "duration", "by", "comment");
        Instant starts = body.time("startsAt").orElse(now());
        String length = body.text("duration");
        if (!length.isEmpty() && body.time("endsAt").isPresent()) {
            throw new Refusal(400, "duration and endsAt say the same; give one of them");
        }
        Duration duration = length.isEmpty()
                ? USUAL_SILENCE
                : Durations.parse(length)
                        .orElseThrow(() -> Parameters.wrong("duration should be a time as 30m, 2h, 1d", length));
        Instant ends = body.time("endsAt").orElseGet(() -> after(starts, duration));
        var request = new SilenceRequest(body.texts("matchers"), starts, ends, by(ctx, body), body.text("comment"));
        Api.json(ctx, 201, silence(taken(() -> desk.silence(request)), now()));
    }

    private static Instant after(Instant start, Duration duration) {
        try {
            return start.plus(duration);
        } catch (DateTimeException | ArithmeticException _) {
            throw Parameters.wrong("startsAt should be a time of this age", ApiJson.time(start));
        }
    }

    private void expire(Context ctx) {
        String id = ctx.pathParam("silence");
        SilenceView ended = taken(() -> desk.expire(id))
                .orElseThrow(() -> new Refusal(404, "there is no silence \"" + id + "\", or it is over already"));
        Api.json(ctx, 200, silence(ended, now()));
    }

    private void inbound(Context ctx) {
        byte[] body = ctx.bodyAsBytes();
        Api.json(ctx, 200, Map.of("alerts", taken(() -> desk.inbound(body))));
    }

    private void testChannel(Context ctx) {
        String channel = ctx.pathParam("channel");
        ChannelTest test = taken(() -> {
                    try {
                        return desk.testChannel(channel);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                        throw new Refusal(503, "the daemon stops");
                    }
                })
                .orElseThrow(() -> new Refusal(404, "there is no channel \"" + channel + "\""));
        var json = new LinkedHashMap<String, Object>();
        json.put("delivered", test.delivered());
        json.put("said", test.said());
        Api.json(ctx, 200, json);
    }

    private void revive(Context ctx) {
        long id = notice(ctx.pathParam("notice"));
        if (!taken(() -> desk.revive(id))) {
            throw new Refusal(404, "no notice " + id + " was given up");
        }
        ctx.status(204);
    }

    /** The number of a notice. */
    static long notice(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException _) {
            throw Parameters.wrong("the notice should be a number", id);
        }
    }

    /** What the desk refuses is the caller's mistake, what the store refuses is ours. */
    static <T> T taken(Supplier<T> doing) {
        try {
            return Api.fromStore(doing);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
    }

    static String by(Context ctx, JsonBody body) {
        String given = body.text("by");
        if (!given.isBlank()) {
            return given.strip();
        }
        Caller caller = ctx.attribute(Caller.ATTRIBUTE);
        return caller == null || caller.name().isEmpty() ? "somebody" : caller.name();
    }

    private static Refusal noSuchAlert(String alert) {
        return new Refusal(404, "no alert \"" + alert + "\" is open");
    }

    private Instant now() {
        return sources.clock().instant();
    }

    static Map<String, @Nullable Object> silence(SilenceView s, Instant now) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("id", s.id());
        json.put("state", s.state(now).code());
        json.put("matchers", s.matchers());
        json.put("startsAt", ApiJson.time(s.startsAt()));
        json.put("endsAt", ApiJson.time(s.endsAt()));
        json.put("by", s.by());
        json.put("comment", s.comment());
        json.put("createdAt", ApiJson.time(s.createdAt()));
        return json;
    }

    private static Map<String, @Nullable Object> window(MaintenanceView w) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("name", w.name());
        json.put("what", w.what());
        json.put("when", w.when());
        json.put("until", w.until().map(ApiJson::time).orElse(null));
        json.put("next", w.next().map(ApiJson::time).orElse(null));
        return json;
    }

    static Map<String, Object> acknowledgement(Acknowledgement a) {
        var json = new LinkedHashMap<String, Object>();
        json.put("by", a.by());
        json.put("at", ApiJson.time(a.at()));
        json.put("comment", a.comment());
        return json;
    }

    static Optional<Map<String, Object>> heldBack(dev.gatewatch.view.AlertView alert) {
        return alert.handling().heldBack().map(held -> {
            var json = new LinkedHashMap<String, Object>();
            json.put("reason", held.reason().code());
            json.put("by", held.by());
            return json;
        });
    }

    static List<String> dependents(dev.gatewatch.view.AlertView alert) {
        return alert.handling().dependents();
    }
}
