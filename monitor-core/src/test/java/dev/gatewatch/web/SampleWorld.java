package dev.gatewatch.web;

import dev.gatewatch.metrics.Metrics;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Journal;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Bands;
import dev.gatewatch.view.BaselineView;
import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.view.NoticeLog;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.Attempt;
import dev.gatewatch.view.NoticeView.State;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;

/** A made-up daemon in the middle of an incident: a bit of everything that the page, the API and the metrics can show. */
final class SampleWorld {
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final List<FactSpec> HTTP = List.of(
            FactSpec.gauge("status", "probe_http_status_code", "Status of the final answer"),
            FactSpec.gauge("redirects", "probe_http_redirects", "How many redirects were followed"),
            FactSpec.gauge("body_bytes", "probe_http_uncompressed_body_length", "Length of the body"),
            FactSpec.gauge("tls", "probe_http_ssl", "Whether the final answer came over TLS"),
            FactSpec.info("tls_version", "probe_tls_version_info", "version", "TLS version that was agreed on"),
            FactSpec.gauge("certificate_expires", "probe_ssl_earliest_cert_expiry", "When the first certificate of the chain ends"),
            FactSpec.plain("remote_address", "Address that was connected to"));
    private static final List<FactSpec> DNS = List.of(
            FactSpec.gauge("answers", "probe_dns_answer_rrs", "Records in the answer section"),
            FactSpec.plain("resolvers_agree", "Whether all resolvers gave the same answer"));
    private static final List<FactSpec> CERTIFICATE = List.of(
            FactSpec.gauge("certificate_expires", "probe_ssl_earliest_cert_expiry", "When the first certificate of the chain ends"),
            FactSpec.info(
                    "fingerprint",
                    "probe_ssl_last_chain_info",
                    List.of("fingerprint_sha256", "subject", "issuer", "subjectalternative", "serialnumber"),
                    List.of("fingerprint", "subject", "issuer", "names", "serial"),
                    "The leaf"),
            FactSpec.plain("subject", "Whom the leaf belongs to"),
            FactSpec.plain("issuer", "Who signed the leaf"));

    private final Instant now;
    private final Random random = new Random(7);
    private final List<SeriesView> series = new ArrayList<>();
    private final List<Result> results = new ArrayList<>();
    private final List<AlertView> alerts = new ArrayList<>();

    private SampleWorld(Instant now) {
        this.now = now;
    }

    /** What the page looks like while the gateway has trouble. */
    static Sources incident(Clock clock) {
        var world = new SampleWorld(clock.instant());
        world.fill();
        return world.sources(clock, world.config(false), world.channels(), Optional.empty());
    }

    /** What the page looks like on a good day. */
    static Sources calm(Clock clock) {
        var world = new SampleWorld(clock.instant());
        world.good();
        return world.sources(clock, world.config(true), List.of(), Optional.empty());
    }

    private void good() {
        Map<String, String> payments = Map.of("service", "payments", "team", "core");
        http("gateway-health", "", "https://gateway.example.com/health", payments, 84, 61, i -> pass());
        http("checkout", "eu", "https://eu.gateway.example.com/health", payments, 92, 61, i -> pass());
        http("checkout", "us", "https://us.gateway.example.com/health", payments, 141, 61, i -> pass());
        dns("gateway-name", i -> pass());
        certificate("gateway-certificate", 61, i -> pass());
        certificate("partner-certificate", 203, i -> pass());
    }

    private void fill() {
        Map<String, String> payments = Map.of("service", "payments", "team", "core");
        http(
                "gateway-health",
                "",
                "https://gateway.example.com/health",
                payments,
                84,
                61,
                i -> i < 47
                        ? pass()
                        : r -> r.fact("status", 500)
                                .evidence("body (first 2 kB)", "{\"status\":\"DOWN\",\"db\":\"pool exhausted\",\"request\":\"b7e1c0\"}")
                                .fail(Cause.HTTP_STATUS, "status 500, expected 200"));
        http("checkout", "eu", "https://eu.gateway.example.com/health", payments, 92, 61, i -> pass());
        http("checkout", "us", "https://us.gateway.example.com/health", payments, 141, 61, i -> pass());
        http(
                "checkout",
                "ap",
                "https://ap.gateway.example.com/health",
                payments,
                187,
                61,
                i -> i < 38
                        ? pass()
                        : r -> r.degraded(Cause.LATENCY_HIGH, "took 2.21 s, expected at most 800 ms"));
        http("token", "", "https://auth.example.com/oauth/token", Map.of("service", "auth"), 66, 12, i -> pass());
        http(
                "refund <script>alert(1)</script>",
                "",
                "https://gateway.example.com/v1/refunds?q=<b>&x=\"1\"",
                Map.of("service", "payments", "na<me", "va\"lue"),
                73,
                12,
                i -> i % 9 == 4
                        ? r -> r.evidence("body <img src=x onerror=alert(1)>", "<script>alert(1)</script>")
                                .fail(Cause.CONTENT_MISMATCH, "body holds <script>alert(1)</script>, expected \"ok\"")
                        : pass());
        dns("gateway-name", i -> pass());
        dns(
                "partner-name",
                i -> i < 57 ? pass() : r -> r.fail(Cause.DNS_SERVFAIL, "127.0.0.1:5353 answered SERVFAIL for partner.example.com A"));
        tcp(
                "ledger-port",
                "ledger.example.com:5432",
                i -> i < 30 ? pass() : r -> r.fail(Cause.CONNECT_REFUSED, "10.2.0.14:5432 refused the connection"));
        tcp(
                "icmp-router",
                "10.2.0.1",
                i -> r -> r.broken(Cause.NO_PERMISSION, "this process may not open raw sockets"));
        certificate("gateway-certificate", 61, i -> pass());
        certificate(
                "legacy-certificate",
                -2,
                i -> r -> r.fail(Cause.CERT_EXPIRED, "CN=legacy.example.com expired 2 days ago"));
        certificate(
                "partner-certificate",
                5,
                i -> r -> r.degraded(Cause.CERT_EXPIRING, "CN=partner.example.com expires in 5 days"));
        series.add(view(new Series("new-probe", "", "dc1"), "http", "https://new.example.com/", Map.of(), List.of(), HTTP, "probe_http_duration_seconds"));

        alert("7f3a", "gateway-down", "gateway-health", "", "http", AlertView.Severity.CRITICAL, AlertView.State.FIRING, Cause.HTTP_STATUS,
                "3 of 3 runs failed: status 500, expected 200", "{\"status\":\"DOWN\",\"db\":\"pool exhausted\"}", 130, -1);
        alert("81cc", "port-closed", "ledger-port", "", "tcp", AlertView.Severity.CRITICAL, AlertView.State.FIRING, Cause.CONNECT_REFUSED,
                "10.2.0.14:5432 refused the connection, 30 runs in a row", "", 300, -1);
        alert("91d0", "slow", "checkout", "ap", "http", AlertView.Severity.WARNING, AlertView.State.FIRING, Cause.REGION_SLOW,
                "p95 over 5m is 2.21 s, above 800 ms; eu and us are as usual", "transfer took 2.03 s of 2.21 s", 220, -1);
        alert("a002", "expiry", "legacy-certificate", "", "certificate", AlertView.Severity.WARNING, AlertView.State.FIRING, Cause.CERT_EXPIRED,
                "CN=legacy.example.com expired 2 days ago", "", 172_800, -1);
        handle("7f3a", h -> h.dependents(List.of("checkout", "refund", "token")));
        handle("81cc", h -> h.acknowledged(Optional.of(
                new dev.gatewatch.view.Handling.Acknowledgement("ada", now.minusSeconds(95), "restarting the ledger"))));
        handle("91d0", h -> h.heldBack(Optional.of(
                        new dev.gatewatch.view.Handling.HeldBack(dev.gatewatch.view.Handling.Reason.SILENCE, "s1")))
                .flaps());
        alert("b771", "gateway-down", "partner-name", "", "dns", AlertView.Severity.CRITICAL, AlertView.State.PENDING, Cause.DNS_SERVFAIL,
                "2 of 3 runs failed: 127.0.0.1:5353 answered SERVFAIL", "", 25, -1);
        alert("c123", "flaky", "token", "", "http", AlertView.Severity.WARNING, AlertView.State.RESOLVED, Cause.RESPONSE_TIMEOUT,
                "3 of 5 runs failed: no answer within 5s", "", 8_000, 7_400);
        alert("c124", "gateway-down", "old-probe", "", "http", AlertView.Severity.CRITICAL, AlertView.State.RESOLVED, Cause.CONNECT_TIMEOUT,
                "3 of 3 runs failed: no connection within 5s", "", 40_000, 36_000);
    }

    /** The alert of this id as others and people have handled it. */
    private void handle(String id, java.util.function.UnaryOperator<dev.gatewatch.view.Handling> as) {
        alerts.replaceAll(a -> a.id().equals(id) ? a.with(as.apply(a.handling())) : a);
    }

    /** Tells what a run found. */
    private interface Finding {
        Report.Builder in(Report.Builder report);
    }

    /** The finding of the i-th of the kept runs. */
    private interface Story {
        Finding at(int i);
    }

    private static Finding pass() {
        return r -> r;
    }

    private void http(String probe, String region, String target, Map<String, String> labels, int usualMillis, long daysLeft, Story story) {
        var runs = new ArrayList<Result>();
        for (int i = 0; i < SeriesView.RECENT; i++) {
            Report.Builder r = Report.builder();
            double scale = 1 + random.nextGaussian() * 0.06;
            r.phase("resolve", micros(usualMillis * 30 * scale))
                    .phase("connect", micros(usualMillis * 120 * scale))
                    .phase("tls", micros(usualMillis * 270 * scale))
                    .phase("processing", micros(usualMillis * 480 * scale));
            r.fact("status", 200).fact("redirects", 0).fact("body_bytes", 248).fact("tls", true);
            r.fact("tls_version", "TLS 1.3").fact("certificate_expires", (double) now.plus(Duration.ofDays(daysLeft)).getEpochSecond());
            r.fact("remote_address", "203.0.113.10:443");
            Report.Builder done = story.at(i).in(r);
            done.phase("transfer", done.outcome() == Outcome.DEGRADED ? Duration.ofMillis(2_030) : micros(usualMillis * 90 * scale));
            runs.add(run(new Series(probe, region, "dc1"), "http", target, i, done.build()));
        }
        series.add(view(new Series(probe, region, "dc1"), "http", target, labels, runs, HTTP, "probe_http_duration_seconds"));
    }

    private void dns(String probe, Story story) {
        var runs = new ArrayList<Result>();
        for (int i = 0; i < SeriesView.RECENT; i++) {
            var r = Report.builder().phase("request", micros(3_400 + random.nextInt(900)));
            runs.add(run(new Series(probe, "", "dc1"), "dns", "gateway.example.com A", i, story.at(i).in(r.fact("answers", 1).fact("resolvers_agree", true)).build()));
        }
        series.add(view(new Series(probe, "", "dc1"), "dns", "gateway.example.com A", Map.of(), runs, DNS, "probe_dns_duration_seconds"));
    }

    private void tcp(String probe, String target, Story story) {
        var runs = new ArrayList<Result>();
        for (int i = 0; i < SeriesView.RECENT; i++) {
            var r = Report.builder().phase("connect", micros(640 + random.nextInt(300)));
            runs.add(run(new Series(probe, "", "dc1"), "tcp", target, i, story.at(i).in(r).build()));
        }
        series.add(view(new Series(probe, "", "dc1"), "tcp", target, Map.of("team", "data"), runs, List.of(), null));
    }

    private void certificate(String probe, long daysLeft, Story story) {
        String host = probe.replace("-certificate", ".example.com:443");
        var runs = new ArrayList<Result>();
        for (int i = 0; i < SeriesView.RECENT; i++) {
            var r = Report.builder()
                    .phase("connect", micros(11_000 + random.nextInt(2_000)))
                    .phase("tls", micros(31_000 + random.nextInt(3_000)));
            r.fact("certificate_expires", (double) now.plus(Duration.ofDays(daysLeft)).getEpochSecond());
            r.fact("subject", "CN=" + host).fact("issuer", "CN=Example CA, O=Example").fact("fingerprint", "4a5c".repeat(16));
            r.fact("names", "gateway.example.com,api.example.com").fact("serial", "0a1b2c");
            runs.add(run(new Series(probe, "", "dc1"), "certificate", host, i, story.at(i).in(r).build()));
        }
        series.add(view(new Series(probe, "", "dc1"), "certificate", host, Map.of(), runs, CERTIFICATE, null));
    }

    private Result run(Series s, String type, String target, int i, Report report) {
        Duration took = report.phases().values().stream().reduce(Duration.ZERO, Duration::plus).plus(micros(700));
        Instant at = now.minus(INTERVAL.multipliedBy(SeriesView.RECENT - i)).plusMillis(Math.floorMod(s.hashCode(), 9_000));
        var result = new Result(s, type, target, at, took, report);
        results.add(result);
        return result;
    }

    private static SeriesView view(
            Series s, String type, String target, Map<String, String> labels, List<Result> runs, List<FactSpec> facts, String phaseMetric) {
        var recent = runs.stream().map(r -> new SeriesView.Point(r.startedAt(), r.duration(), r.outcome())).toList();
        Optional<Result> last = runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast());
        Optional<Instant> since = last.map(l -> {
            Instant at = l.startedAt();
            for (Result r : runs.reversed()) {
                if (r.outcome() != l.outcome()) {
                    break;
                }
                at = r.startedAt();
            }
            return at;
        });
        var passing = runs.stream().filter(r -> r.outcome() == Outcome.PASS).map(Result::duration).sorted().toList();
        SequencedMap<String, String> sorted = new LinkedHashMap<>();
        labels.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return new SeriesView(
                s,
                type,
                target,
                sorted,
                INTERVAL,
                Duration.ofSeconds(5),
                last,
                since,
                recent,
                passing.size() < 10 ? Optional.empty() : Optional.of(passing.get(passing.size() / 2)),
                facts,
                Optional.ofNullable(phaseMetric),
                passing.size() < 10 ? List.of() : List.of(learnt(passing.get(passing.size() / 2), runs.getLast())));
    }

    /** What would be learnt of a series whose middle latency this is; the slow region of the checkout is unusual. */
    private static BaselineView learnt(Duration middle, Result last) {
        double ms = middle.toNanos() / 1e6;
        Bands past = Bands.NONE;
        for (int i = 6; i >= 0; i--) {
            double then = ms * (1 + 0.1 * Math.sin(i));
            past = past.with(new Bands.Point(
                    last.startedAt().minus(Bands.EVERY.multipliedBy(i)), then * 0.8, then, then * 1.25));
        }
        boolean odd = last.duration().toNanos() > 2 * middle.toNanos();
        boolean shifted = last.series().probe().equals("checkout") && last.series().region().equals("eu");
        return new BaselineView(
                BaselineView.LATENCY,
                shifted ? BaselineView.State.SHIFTED : BaselineView.State.READY,
                odd ? 1.1 : -0.4,
                Optional.of(new BaselineView.Band(ms * 0.8, ms, ms * 1.25)),
                shifted ? Optional.of(new BaselineView.Shift(last.startedAt().minusSeconds(3_600), 1.38)) : Optional.empty(),
                Optional.of(shifted ? 1.31 : 1.02),
                odd ? "typically 412 ms, usual for Monday 09h 180–260 ms, since 09:14 CET" : "",
                past);
    }

    private void alert(
            String id, String rule, String probe, String region, String type, AlertView.Severity severity, AlertView.State state, Cause cause,
            String message, String evidence, int startedAgo, int endedAgo) {
        Instant start = now.minusSeconds(startedAgo);
        SequencedMap<String, String> annotations = new LinkedHashMap<>();
        if (rule.equals("gateway-down")) {
            annotations.put("runbook_url", "https://wiki.example.com/gateway");
        }
        alerts.add(new AlertView(
                id, "f" + id, rule, new Series(probe, region, "dc1"), type, "https://" + probe + ".example.com", severity, state, cause, message, evidence,
                start,
                state == AlertView.State.PENDING ? Optional.empty() : Optional.of(start.plusSeconds(20)),
                endedAgo < 0 ? Optional.empty() : Optional.of(now.minusSeconds(endedAgo)),
                endedAgo < 0 ? "" : probe.equals("old-probe") ? "removed" : "healed",
                new LinkedHashMap<>(Map.of("service", "payments")),
                annotations));
    }

    private List<ChannelView> channels() {
        return List.of(
                new ChannelView("am", "alertmanager", "http://127.0.0.1:9093", 0, 214, 0, "", Optional.of(now.minusSeconds(20))),
                new ChannelView("am", "alertmanager", "http://127.0.0.2:9093", 3, 190, 0, "127.0.0.2:9093 refused the connection", Optional.of(now.minusSeconds(600))),
                new ChannelView("ops", "slack", "", 0, 12, 1, "", Optional.of(now.minusSeconds(125))));
    }

    private ConfigStatus config(boolean ok) {
        return new ConfigStatus(
                List.of("/etc/gatewatch/gatewatch.yml"),
                now.minusSeconds(90_000),
                ok ? now.minusSeconds(90_000) : now.minusSeconds(400),
                ok,
                ok ? List.of() : List.of(
                        "gatewatch.yml:12:5: probes[2].intervall: unknown key \"intervall\"; did you mean \"interval\"?",
                        "gatewatch.yml:31:3: rules[1]: no probe has the label service=<paymnets>"));
    }

    private Sources sources(Clock clock, ConfigStatus config, List<ChannelView> channels, Optional<String> trouble) {
        var snapshot = new Snapshot(now, series, alerts, channels);
        var metrics = new Metrics("0.1.0", () -> snapshot, () -> config);
        results.forEach(r -> metrics.ran(r, Duration.ofMillis(3)));
        return new Sources(
                new DaemonInfo("0.1.0", "dc1", now.minusSeconds(90_000)),
                clock,
                () -> snapshot,
                () -> config,
                Optional::empty,
                () -> trouble,
                this::query,
                new Log(),
                new MemoryDesk(clock, () -> alerts.stream().filter(a -> a.state() != AlertView.State.RESOLVED).toList()),
                () -> config.lastReloadOk() ? new ReloadOutcome(true, List.of()) : new ReloadOutcome(false, config.problems()),
                metrics::scrape,
                OnDemandProbe.NONE);
    }

    private List<Result> query(Journal.Query query) {
        return results.stream()
                .filter(r -> query.probe().isEmpty() || r.series().probe().equals(query.probe()))
                .filter(r -> query.region() == null || r.series().region().equals(query.region()))
                .filter(r -> !r.startedAt().isBefore(query.since()))
                .sorted(Comparator.comparing(Result::startedAt).reversed())
                .limit(query.limit())
                .toList();
    }

    /** What was told of the incident: well, at last, not yet, and never. */
    private final class Log implements NoticeLog {
        private AlertView of(String id) {
            return alerts.stream().filter(a -> a.id().equals(id)).findFirst().orElseThrow();
        }

        private Attempt attempt(int number, int ago, double took, NoticeView.Outcome outcome, String said, int next) {
            return new Attempt(
                    number, now.minusSeconds(ago), micros(took * 1e6), outcome, said, next == 0 ? Optional.empty() : Optional.of(now.plusSeconds(next)));
        }

        private List<NoticeView> all() {
            if (alerts.isEmpty()) {
                return List.of();
            }
            return List.of(
                    new NoticeView(18, "hook", "firing", of("81cc"), "", State.QUEUED, 3, true,
                            "HTTP 503 from https://hooks.example.com: upstream is down", now.minusSeconds(90), Optional.of(now.plusSeconds(5)), Optional.empty(),
                            List.of(
                                    attempt(1, 90, 10.0, NoticeView.Outcome.CUT_OFF, "the daemon ended before the answer was known", 0),
                                    attempt(2, 60, 10.0, NoticeView.Outcome.RETRY, "https://hooks.example.com: no answer within 10000 ms", -47),
                                    attempt(3, 47, 0.2, NoticeView.Outcome.RETRY, "HTTP 503 from https://hooks.example.com: upstream is down", 5))),
                    new NoticeView(17, "ops", "firing", of("7f3a"), "", State.SENT, 1, false, "", now.minusSeconds(120), Optional.empty(),
                            Optional.of(now.minusSeconds(119)), List.of(attempt(1, 120, 0.84, NoticeView.Outcome.DELIVERED, "", 0))),
                    new NoticeView(16, "mail", "firing", of("7f3a"), "", State.SENT, 2, false, "", now.minusSeconds(120), Optional.empty(),
                            Optional.of(now.minusSeconds(100)), List.of(
                                    attempt(1, 120, 1.2, NoticeView.Outcome.RETRY, "451 4.7.1 <b>greylisted</b>, try again later", -101),
                                    attempt(2, 101, 0.9, NoticeView.Outcome.DELIVERED, "", 0))),
                    new NoticeView(15, "phone", "firing", of("7f3a"), "nobody has acknowledged it for 1 minute", State.DEAD, 1, false,
                            "HTTP 400 from https://events.example.com: the event is malformed", now.minusSeconds(60), Optional.empty(),
                            Optional.of(now.minusSeconds(59)), List.of(attempt(1, 60, 0.3, NoticeView.Outcome.REFUSED, "HTTP 400 from https://events.example.com: the event is malformed", 0))),
                    new NoticeView(3, "ops", "reminder", of("c123"), "", State.SENT, 44, true, "", now.minusSeconds(7_900), Optional.empty(),
                            Optional.of(now.minusSeconds(7_700)), List.of(
                                    attempt(1, 7_900, 0.1, NoticeView.Outcome.BROKEN, "HTTP 403 from https://hooks.slack.com: invalid_token", -7_800),
                                    attempt(43, 7_800, 0.1, NoticeView.Outcome.RETRY, "HTTP 500 from https://hooks.slack.com", -7_700),
                                    attempt(44, 7_700, 0.4, NoticeView.Outcome.DELIVERED, "", 0))));
        }

        @Override
        public List<NoticeView> find(Query query) {
            return all().stream()
                    .filter(n -> query.channel().isEmpty() || n.channel().equals(query.channel().get()))
                    .filter(n -> query.alert().isEmpty() || n.alert().id().equals(query.alert().get()))
                    .filter(n -> query.states().contains(n.state()) && n.id() < query.before())
                    .limit(query.limit())
                    .toList();
        }

        @Override
        public List<Told> told(Collection<String> ids) {
            return all().stream()
                    .filter(n -> ids.contains(n.alert().id()))
                    .map(n -> new Told(
                            n.alert().id(), n.channel(), n.state(), n.attempts(), n.endedAt().or(n::nextAt).orElse(now), n.lastError()))
                    .toList();
        }

        @Override
        public List<AlertView> troubles() {
            if (alerts.isEmpty()) {
                return List.of();
            }
            Instant since = now.minusSeconds(600);
            return List.of(new AlertView(
                    "f00d-1", "f00d", "channel failing", new Series("gatewatch", "", "dc1"), AlertView.CHANNEL, "am (http://127.0.0.2:9093)",
                    AlertView.Severity.CRITICAL, AlertView.State.FIRING, Cause.CHANNEL_BROKEN, "channel am (http://127.0.0.2:9093) has taken nothing for 10m",
                    "127.0.0.2:9093 refused the connection", since, Optional.of(since), Optional.empty(), "", new LinkedHashMap<>(Map.of("channel", "am")),
                    new LinkedHashMap<>()));
        }
    }

    private static Duration micros(double micros) {
        return Duration.ofNanos((long) (micros * 1_000));
    }
}
