package dev.gatewatch.web;

import dev.gatewatch.config.Durations;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.web.AlertDesk.SilenceRequest;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Supplier;

/** What the page's buttons do about alerts; each leads back to the page that shows it done. */
final class DeskForms {
    private static final int LONGEST = 500;

    private final Sources sources;
    private final AlertDesk desk;

    DeskForms(Sources sources) {
        this.sources = sources;
        this.desk = sources.desk();
    }

    void register(RoutesConfig routes) {
        routes.post("/alerts/{alert}/acknowledge", this::acknowledge);
        routes.post("/alerts/{alert}/withdraw", this::withdraw);
        routes.post("/alerts/{alert}/silence", this::silence);
        routes.post("/silences/{silence}/end", this::end);
        routes.post("/notices/{notice}/again", this::again);
    }

    private void acknowledge(Context ctx) {
        if (taken(() -> desk.acknowledge(ctx.pathParam("alert"), by(ctx), text(ctx, "comment"))).isEmpty()) {
            throw new Refusal(404, "the alert is not open any more");
        }
        back(ctx, "/alerts");
    }

    private void withdraw(Context ctx) {
        taken(() -> desk.withdraw(ctx.pathParam("alert")));
        back(ctx, "/alerts");
    }

    /** Silences the alert's probe in its region, whatever its rule: what is being worked on shows itself in several ways. */
    private void silence(Context ctx) {
        AlertView alert = sources.snapshot().get().alerts().stream()
                .filter(a -> a.id().equals(ctx.pathParam("alert")))
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "there is no such alert"));
        var matchers = new ArrayList<String>();
        matchers.add("probe=" + alert.series().probe());
        if (!alert.series().region().isEmpty()) {
            matchers.add("region=" + alert.series().region());
        }
        Instant now = sources.clock().instant();
        var length = Durations.parse(text(ctx, "duration"))
                .orElseThrow(() -> Parameters.wrong("duration should be a time as 30m, 2h, 1d", text(ctx, "duration")));
        taken(() -> desk.silence(new SilenceRequest(matchers, now, now.plus(length), by(ctx), text(ctx, "comment"))));
        back(ctx, "/silences");
    }

    private void end(Context ctx) {
        taken(() -> desk.expire(ctx.pathParam("silence")));
        back(ctx, "/silences");
    }

    private void again(Context ctx) {
        String id = ctx.pathParam("notice");
        boolean revived = taken(() -> desk.revive(DeskApi.notice(id)));
        if (!revived) {
            throw new Refusal(404, "notice " + DeskApi.notice(id) + " was not given up, or is forgotten already");
        }
        back(ctx, "/notices#n-" + id);
    }

    private static void back(Context ctx, String page) {
        ctx.status(303).header("Location", page);
    }

    private static <T> T taken(Supplier<T> doing) {
        try {
            return Api.fromStore(doing);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
    }

    private static String by(Context ctx) {
        return by(ctx, text(ctx, "by"));
    }

    /** The name that was filled in, else the caller's. */
    static String by(Context ctx, String given) {
        if (!given.isEmpty()) {
            return given;
        }
        Caller caller = ctx.attribute(Caller.ATTRIBUTE);
        return caller == null || caller.name().isEmpty() ? "somebody" : caller.name();
    }

    private static String text(Context ctx, String field) {
        String value = ctx.formParam(field);
        if (value == null) {
            return "";
        }
        String text = value.strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
