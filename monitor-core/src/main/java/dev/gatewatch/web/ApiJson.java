package dev.gatewatch.web;

import dev.gatewatch.probe.ResultJson;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.BaselineView;
import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.Attempt;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import dev.gatewatch.web.page.Counts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The views in the form that the API answers: mappings in a fixed order, where {@code null} says "none" and no key is ever left out. */
final class ApiJson {
    private ApiJson() {}

    /** Probes in the order of the configuration, each with its regions. */
    static List<Map<String, @Nullable Object>> probes(Snapshot snapshot) {
        var byProbe = new LinkedHashMap<String, List<SeriesView>>();
        snapshot.probes()
                .forEach(s -> byProbe.computeIfAbsent(s.series().probe(), _ -> new ArrayList<>()).add(s));
        return byProbe.entrySet().stream()
                .map(e -> probe(e.getKey(), e.getValue()))
                .toList();
    }

    private static Map<String, @Nullable Object> probe(String name, List<SeriesView> regions) {
        SeriesView first = regions.getFirst();
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("name", name);
        json.put("type", first.type());
        json.put("labels", first.labels());
        json.put("intervalMs", millis(first.interval()));
        json.put("timeoutMs", millis(first.timeout()));
        json.put("regions", regions.stream().map(ApiJson::region).toList());
        return json;
    }

    private static Map<String, @Nullable Object> region(SeriesView s) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("region", s.series().region());
        json.put("location", s.series().location());
        json.put("target", s.target());
        json.put("state", s.last().map(r -> r.outcome().code()).orElse("waiting"));
        json.put("since", s.stateSince().map(ApiJson::time).orElse(null));
        json.put("usualMs", s.usual().map(ApiJson::millis).orElse(null));
        json.put("baselines", s.baselines().stream().map(ApiJson::baseline).toList());
        json.put("last", s.last().map(ResultJson::toJson).orElse(null));
        return json;
    }

    private static Map<String, @Nullable Object> baseline(BaselineView b) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("quantity", b.quantity());
        json.put("state", b.state().code());
        json.put("score", rounded(b.score()));
        json.put("usual", b.usual().map(u -> band(u.lower(), u.middle(), u.upper())).orElse(null));
        json.put("shift", b.shift().map(ApiJson::shift).orElse(null));
        json.put("drift", b.drift().map(ApiJson::rounded).orElse(null));
        json.put("why", b.why());
        return json;
    }

    private static Map<String, Object> band(double lower, double middle, double upper) {
        var json = new LinkedHashMap<String, Object>();
        json.put("lower", rounded(lower));
        json.put("middle", rounded(middle));
        json.put("upper", rounded(upper));
        return json;
    }

    private static Map<String, Object> shift(BaselineView.Shift shift) {
        var json = new LinkedHashMap<String, Object>();
        json.put("at", time(shift.at()));
        json.put("ratio", rounded(shift.ratio()));
        return json;
    }

    /** What was usual for the latency of a series since a moment, and is now. */
    static Map<String, @Nullable Object> bands(SeriesView s, Instant since, Instant now) {
        var points = new ArrayList<Map<String, Object>>();
        s.baseline().ifPresent(baseline -> {
            baseline.past().since(since).forEach(p -> points.add(point(p.at(), band(p.lower(), p.middle(), p.upper()))));
            baseline.usual().ifPresent(u -> points.add(point(now, band(u.lower(), u.middle(), u.upper()))));
        });
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("probe", s.series().probe());
        json.put("region", s.series().region());
        json.put("location", s.series().location());
        json.put("state", s.baseline().map(b -> b.state().code()).orElse(null));
        json.put("shift", s.baseline().flatMap(BaselineView::shift).map(ApiJson::shift).orElse(null));
        json.put("points", points);
        return json;
    }

    private static Map<String, Object> point(Instant at, Map<String, Object> band) {
        var json = new LinkedHashMap<String, Object>();
        json.put("at", time(at));
        json.putAll(band);
        return json;
    }

    /** To six figures, which is more than is known. */
    private static double rounded(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(new MathContext(6)).doubleValue() : 0;
    }

    static Map<String, @Nullable Object> alert(AlertView a) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("id", a.id());
        json.put("fingerprint", a.fingerprint());
        json.put("rule", a.rule());
        json.put("probe", a.series().probe());
        json.put("region", a.series().region());
        json.put("location", a.series().location());
        json.put("type", a.type());
        json.put("target", a.target());
        json.put("severity", a.severity().code());
        json.put("state", a.state().code());
        json.put("status", a.status());
        json.put("incident", a.handling().incident().isEmpty() ? a.id() : a.handling().incident());
        json.put("flapping", a.handling().flapping());
        json.put("acknowledged", a.handling().acknowledged().map(DeskApi::acknowledgement).orElse(null));
        json.put("heldBack", DeskApi.heldBack(a).orElse(null));
        json.put("dependents", DeskApi.dependents(a));
        json.put("class", a.cause().causeClass().code());
        json.put("cause", a.cause().code());
        json.put("message", a.message());
        json.put("evidence", a.evidence());
        json.put("remedy", a.cause().remedy());
        json.put("startsAt", time(a.startsAt()));
        json.put("firedAt", a.firedAt().map(ApiJson::time).orElse(null));
        json.put("endsAt", a.endsAt().map(ApiJson::time).orElse(null));
        json.put("endReason", a.endReason());
        json.put("labels", a.labels());
        json.put("annotations", a.annotations());
        return json;
    }

    static Map<String, @Nullable Object> notice(NoticeView n) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("id", n.id());
        json.put("channel", n.channel());
        json.put("kind", n.kind());
        json.put("alert", n.alert().id());
        json.put("rule", n.alert().rule());
        json.put("probe", n.alert().series().probe());
        json.put("region", n.alert().series().region());
        json.put("severity", n.alert().severity().code());
        json.put("message", n.alert().message());
        json.put("why", n.why());
        json.put("state", n.state().code());
        json.put("attempts", n.attempts());
        json.put("mayRepeat", n.mayRepeat());
        json.put("lastError", n.lastError());
        json.put("createdAt", time(n.createdAt()));
        json.put("nextAt", n.nextAt().map(ApiJson::time).orElse(null));
        json.put("endedAt", n.endedAt().map(ApiJson::time).orElse(null));
        json.put("log", n.log().stream().map(ApiJson::attempt).toList());
        return json;
    }

    private static Map<String, @Nullable Object> attempt(Attempt a) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("attempt", a.number());
        json.put("startedAt", time(a.startedAt()));
        json.put("tookMs", a.took().toMillis());
        json.put("outcome", a.outcome().code());
        json.put("said", a.said());
        json.put("nextAt", a.nextAt().map(ApiJson::time).orElse(null));
        return json;
    }

    static Map<String, @Nullable Object> status(Sources sources) {
        DaemonInfo daemon = sources.daemon();
        Snapshot snapshot = sources.snapshot().get();
        Optional<String> notReady = sources.notReady().get();
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("version", daemon.version());
        json.put("location", daemon.location());
        json.put("startedAt", time(daemon.startedAt()));
        json.put(
                "uptimeSeconds",
                Math.max(0, Duration.between(daemon.startedAt(), sources.clock().instant()).toSeconds()));
        json.put("snapshotAt", time(snapshot.at()));
        json.put("ready", notReady.isEmpty());
        json.put("notReady", notReady.orElse(null));
        json.put("storeTrouble", sources.storeTrouble().get().orElse(null));
        json.put("configuration", configuration(sources.configuration().get()));
        json.put("counts", counts(Counts.of(snapshot)));
        json.put("channels", snapshot.channels().stream().map(ApiJson::channel).toList());
        json.put("troubles", sources.notices().troubles().stream().map(ApiJson::alert).toList());
        return json;
    }

    private static Map<String, Object> configuration(ConfigStatus c) {
        var json = new LinkedHashMap<String, Object>();
        json.put("ok", c.lastReloadOk());
        json.put("files", c.files());
        json.put("loadedAt", time(c.loadedAt()));
        json.put("lastAttempt", time(c.lastAttempt()));
        json.put("problems", c.problems());
        return json;
    }

    private static Map<String, Object> counts(Counts c) {
        var json = new LinkedHashMap<String, Object>();
        json.put("probes", c.probes());
        json.put("series", c.series());
        json.put("pass", c.pass());
        json.put("degraded", c.degraded());
        json.put("fail", c.fail());
        json.put("broken", c.broken());
        json.put("waiting", c.waiting());
        json.put("pending", c.pending());
        json.put("firing", c.firing());
        json.put("resolved", c.resolved());
        return json;
    }

    private static Map<String, @Nullable Object> channel(ChannelView c) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("name", c.name());
        json.put("type", c.type());
        json.put("lane", c.lane());
        json.put("queued", c.queued());
        json.put("delivered", c.delivered());
        json.put("dead", c.dead());
        json.put("lastError", c.lastError());
        json.put("lastDelivery", c.lastDelivery().map(ApiJson::time).orElse(null));
        return json;
    }

    static SequencedMap<String, Object> error(int status, String words) {
        var json = new LinkedHashMap<String, Object>();
        json.put("status", status);
        json.put("error", words);
        return json;
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Milliseconds with at most three decimals. */
    private static double millis(Duration d) {
        return Math.round(d.toNanos() / 1e3) / 1e3;
    }
}
