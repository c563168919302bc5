package dev.gatewatch.web;

import dev.gatewatch.probe.Result;
import dev.gatewatch.store.Journal;
import dev.gatewatch.store.StoreException;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.ChangeView;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.view.NoticeLog;
import dev.gatewatch.view.NoticeLog.Told;
import dev.gatewatch.view.Snapshot;
import dev.gatewatch.web.page.AlertsPage;
import dev.gatewatch.web.page.NoticesPage;
import dev.gatewatch.web.page.ChangePage;
import dev.gatewatch.web.page.ChangesPage;
import dev.gatewatch.web.page.Overview;
import dev.gatewatch.web.page.ProbePage;
import dev.gatewatch.web.page.Shell;
import dev.gatewatch.web.page.Shell.Banner;
import dev.gatewatch.web.page.SilenceForm;
import dev.gatewatch.web.page.SilencesPage;
import dev.gatewatch.web.page.StatusPage;
import dev.gatewatch.web.page.Templates;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes for people. */
final class Pages {
    private static final int LONGEST_SEARCH = 200;

    /** Of so many alerts the page says who was told; more cards nobody reads. */
    private static final int MOST_TOLD = 200;

    private final Sources sources;
    private final Templates templates;
    private final Assets assets;

    Pages(Sources sources, Templates templates, Assets assets) {
        this.sources = sources;
        this.templates = templates;
        this.assets = assets;
    }

    void register(RoutesConfig routes) {
        routes.get("/", this::overview);
        routes.get("/probes/{name}", this::probe);
        routes.get("/alerts", this::alerts);
        routes.get("/notices", this::notices);
        routes.get("/silences", this::silences);
        routes.get("/changes", this::changes);
        routes.get("/changes/{change}", this::change);
        routes.get("/status", this::status);
    }

    private void overview(Context ctx) {
        Snapshot snapshot = sources.snapshot().get();
        var filter = new Overview.Filter(
                text(ctx.queryParam("q")), text(ctx.queryParam("show")), "true".equals(ctx.queryParam("all")));
        Overview page = Overview.of(snapshot, filter, now());
        html(ctx, "overview", shell("Overview", "overview", 3), page);
    }

    private void probe(Context ctx) {
        String name = ctx.pathParam("name");
        Snapshot snapshot = sources.snapshot().get();
        var extra = new ArrayList<Banner>();
        ProbePage page = ProbePage.of(snapshot, name, text(ctx.queryParam("region")), latest(name, extra), now())
                .orElseThrow(() -> new Refusal(404, "there is no probe of this name"));
        html(ctx, "probe", shell(name, "", 4, extra), page);
    }

    /** The page is worth showing without its list of runs. */
    private List<Result> latest(String probe, List<Banner> banners) {
        try {
            return sources.results()
                    .apply(new Journal.Query(probe, null, now().minus(Duration.ofDays(7)), ProbePage.RUNS));
        } catch (StoreException e) {
            banners.add(new Banner("fail", "Recent runs cannot be read", List.of(String.valueOf(e.getMessage()))));
            return List.of();
        }
    }

    private void alerts(Context ctx) {
        Snapshot snapshot = sources.snapshot().get();
        var extra = new ArrayList<Banner>();
        List<AlertView> troubles = sources.notices().troubles();
        AlertsPage page = AlertsPage.of(
                snapshot, text(ctx.queryParam("q")), text(ctx.queryParam("severity")), told(snapshot, troubles, extra), troubles, now());
        html(ctx, "alerts", shell("Alerts", "alerts", 4, extra), page);
    }

    /** How far channels were told of what fires; the page is worth showing without it. */
    private List<Told> told(Snapshot snapshot, List<AlertView> troubles, List<Banner> banners) {
        List<String> firing = Stream.concat(snapshot.alerts().stream(), troubles.stream())
                .filter(a -> a.state() == AlertView.State.FIRING)
                .map(AlertView::id)
                .limit(MOST_TOLD)
                .toList();
        try {
            return sources.notices().told(firing);
        } catch (StoreException e) {
            banners.add(new Banner("fail", "Who was told cannot be read", List.of(String.valueOf(e.getMessage()))));
            return List.of();
        }
    }

    private void notices(Context ctx) {
        var filter = new NoticesPage.Filter(
                text(ctx.queryParam("channel")), text(ctx.queryParam("alert")), text(ctx.queryParam("state")), before(ctx.queryParam("before")));
        var asked = new NoticeLog.Query(some(filter.channel()), some(filter.alert()), filter.states(), filter.before(), NoticesPage.SHOWN + 1);
        List<String> channels =
                sources.snapshot().get().channels().stream().map(ChannelView::name).distinct().toList();
        NoticesPage page = NoticesPage.of(filter, channels, Api.fromStore(() -> sources.notices().find(asked)));
        html(ctx, "notices", shell("Notices", "notices", 5), page);
    }

    /** An address that somebody has cut short shows the newest. */
    private static long before(@Nullable String given) {
        try {
            return given == null || given.isEmpty() ? Long.MAX_VALUE : Long.parseLong(given);
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    private static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private void silences(Context ctx) {
        SilencesPage page = SilencesPage.of(sources.desk().silences(), sources.desk().maintenance(), now());
        html(ctx, "silences", shell("Silences", "silences", 10), page);
    }

    void silenceForm(Context ctx, int refresh, SilenceForm form) {
        html(ctx, "silence", shell("New silence", "silences", refresh), form);
    }

    private void changes(Context ctx) {
        ChangesPage page = ChangesPage.of(ChangeApi.taken(sources.desk().changes()::changes), now());
        html(ctx, "changes", shell("Changes", "changes", 10), page);
    }

    private void change(Context ctx) {
        ChangeDesk desk = sources.desk().changes();
        ChangeView change = desk.change(ctx.pathParam("change")).orElseThrow(() -> new Refusal(404, "there is no change of this id"));
        ChangePage page = ChangePage.of(change, ChangeApi.taken(() -> desk.compared(change)), now());
        html(ctx, "change", shell("Change " + change.id(), "changes", change.state(now()) == ChangeView.State.OVER ? 0 : 10), page);
    }

    private void status(Context ctx) {
        DaemonInfo daemon = sources.daemon();
        StatusPage page = StatusPage.of(
                sources.snapshot().get(),
                sources.configuration().get(),
                sources.notReady().get(),
                sources.storeTrouble().get(),
                daemon.version(),
                daemon.location(),
                daemon.startedAt(),
                sources.notices().troubles(),
                now());
        html(ctx, "status", shell("Status", "status", 10), page);
    }

    /** What went wrong with a request, as a page. */
    void problem(Context ctx, int status, String words) {
        String title = status == 404 ? "Not found" : "Not served";
        html(ctx.status(status), "problem", shell(title, "", 0), words);
    }

    private void html(Context ctx, String template, Shell shell, Object model) {
        ctx.contentType("text/html; charset=utf-8").result(templates.render(template, shell, model));
    }

    private Shell shell(String title, String active, int refresh) {
        return shell(title, active, refresh, List.of());
    }

    private Shell shell(String title, String active, int refresh, List<Banner> extra) {
        var banners = new ArrayList<Banner>();
        Optional<String> trouble = sources.storeTrouble().get();
        trouble.ifPresent(t -> banners.add(new Banner("fail", "The store is in trouble", List.of(t))));
        sources.notReady()
                .get()
                .filter(t -> trouble.filter(t::equals).isEmpty())
                .ifPresent(t -> banners.add(new Banner("degraded", "The daemon does not watch at the moment", List.of(t))));
        ConfigStatus config = sources.configuration().get();
        if (!config.lastReloadOk()) {
            banners.add(new Banner(
                    "fail",
                    "The changed configuration was not taken; the one from before goes on",
                    config.problems().stream().limit(5).toList()));
        }
        List<AlertView> troubles = sources.notices().troubles().stream()
                .filter(a -> a.state() == AlertView.State.FIRING)
                .toList();
        if (!troubles.isEmpty() && !active.equals("alerts")) { // there they have cards
            String words = troubles.size() == 1 ? "A channel takes no notices" : troubles.size() + " channels take no notices";
            banners.add(new Banner("fail", words, troubles.stream().limit(5).map(a -> a.message() + ": " + a.evidence()).toList()));
        }
        Snapshot snapshot = sources.snapshot().get();
        if (sources.notReady().get().isEmpty() && Overview.isOld(snapshot, now())) {
            banners.add(new Banner(
                    "fail",
                    "What you see is old",
                    List.of("Results were judged last at " + ApiJson.time(snapshot.at()) + ".")));
        }
        banners.addAll(extra);
        DaemonInfo daemon = sources.daemon();
        return new Shell(title, active, daemon.location(), daemon.version(), assets.version(), refresh, banners);
    }

    private Instant now() {
        return sources.clock().instant();
    }

    private static String text(@Nullable String parameter) {
        if (parameter == null) {
            return "";
        }
        return parameter.length() <= LONGEST_SEARCH ? parameter : parameter.substring(0, LONGEST_SEARCH);
    }
}
