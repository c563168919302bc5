package dev.gatewatch.web;

import dev.gatewatch.config.Durations;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.web.AlertDesk.SilenceRequest;
import dev.gatewatch.web.page.SilenceForm;
import dev.gatewatch.web.page.SilenceForm.Given;
import dev.gatewatch.web.page.SilenceForm.Look;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form that makes a silence. Notices link to it with matchers filled in; a person sees what they cover before making it. What is
 * wrong is told beside what was filled in, so that nothing has to be typed twice.
 */
final class SilencePages {
    private static final String USUAL = "2h";

    /** One more than a text may have, so that what is too long is told of rather than cut. */
    private static final int LONGEST = 1_001;

    /** More than a silence may have, so that too many are told of rather than left out. */
    private static final int MOST_MATCHERS = 30;

    private final Sources sources;
    private final AlertDesk desk;
    private final Pages pages;

    SilencePages(Sources sources, Pages pages) {
        this.sources = sources;
        this.desk = sources.desk();
        this.pages = pages;
    }

    void register(RoutesConfig routes) {
        routes.get("/silences/new", this::form);
        routes.post("/silences/new", this::make);
    }

    private void form(Context ctx) {
        String duration = text(ctx.queryParam("duration"));
        var given = new Given(
                matchers(ctx.queryParams("matcher"), ctx.queryParam("alert")),
                duration.isEmpty() ? USUAL : duration,
                text(ctx.queryParam("by")),
                text(ctx.queryParam("comment")));
        pages.silenceForm(ctx, 10, SilenceForm.of(given, look(given), open().size(), now()));
    }

    private void make(Context ctx) {
        var given = new Given(
                matchers(ctx.formParams("matcher"), null),
                text(ctx.formParam("duration")),
                text(ctx.formParam("by")),
                text(ctx.formParam("comment")));
        try {
            Duration length = length(given);
            Instant now = now();
            Api.fromStore(() -> desk.silence(
                    new SilenceRequest(given.matchers(), now, now.plus(length), DeskForms.by(ctx, given.by()), given.comment())));
        } catch (IllegalArgumentException e) {
            // kept as it is until it is sent again: looking at the address anew would forget what was filled in
            pages.silenceForm(ctx.status(400), 0, SilenceForm.of(given, new Look.Bad(String.valueOf(e.getMessage())), open().size(), now()));
            return;
        }
        ctx.status(303).header("Location", "/silences");
    }

    private Look look(Given given) {
        if (given.matchers().isEmpty()) {
            return new Look.Empty();
        }
        try {
            return new Look.Good(desk.covered(given.matchers()), now().plus(length(given)));
        } catch (IllegalArgumentException e) {
            return new Look.Bad(String.valueOf(e.getMessage()));
        }
    }

    private static Duration length(Given given) {
        return Durations.parse(given.duration())
                .filter(length -> length.compareTo(Duration.ofDays(366)) <= 0)
                .orElseThrow(() -> new IllegalArgumentException("a silence lasts a time as 30m, 2h, 1d, and a year at most"));
    }

    /** Those given, and the ones that mean an alert of this id. */
    private List<String> matchers(List<String> given, @Nullable String alert) {
        var matchers = new ArrayList<String>();
        given.stream().limit(MOST_MATCHERS).map(SilencePages::text).filter(m -> !m.isEmpty()).forEach(matchers::add);
        Optional<AlertView> meant = open().stream().filter(a -> a.id().equals(alert)).findFirst();
        meant.ifPresent(a -> {
            add(matchers, "rule", a.rule());
            add(matchers, "probe", a.series().probe());
            add(matchers, "region", a.series().region());
        });
        return matchers;
    }

    private static void add(List<String> matchers, String name, String value) {
        if (!value.isEmpty()) {
            matchers.add(name + "=" + value);
        }
    }

    private List<AlertView> open() {
        return sources.snapshot().get().alerts().stream()
                .filter(a -> a.state() != AlertView.State.RESOLVED)
                .toList();
    }

    private static String text(@Nullable String given) {
        if (given == null) {
            return "";
        }
        String text = given.strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private Instant now() {
        return sources.clock().instant();
    }
}
