package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.it.ParityDifferences.Cell;
import dev.gatewatch.it.ParityDifferences.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real blackbox_exporter and Gatewatch answer for the same modules and targets, and the answers are the same but for the differences
 * that {@link ParityDifferences} names.
 */
class BlackboxParityIT {
    private static final double TIMEOUT = 2;

    /** What took time, and when something happened, differs from run to run; that it did is compared. */
    private static final Pattern DURATION = Pattern.compile("probe_(duration|dns_lookup_time|[a-z]+_duration)_seconds(\\{.*)?");

    private static final Pattern FINGERPRINT = Pattern.compile("fingerprint_sha256=\"[0-9a-f]{64}\"");
    private static final Pattern SERIAL = Pattern.compile("serialnumber=\"[0-9a-f]+\",");
    private static final int AT_ONCE = 24;
    private static final int SECOND_LOOKS = 2;

    /** What Debian's blackbox_exporter is too old for, with what is compared instead. */
    private static final SequencedMap<String, String> NEWER = newer();

    private static SequencedMap<String, String> newer() {
        var all = new LinkedHashMap<String, String>();
        all.put("probe_timeout_seconds", "newer than 0.28; must be the module's time-out");
        all.put("probe_failed_due_to_bytes", "since 0.28; must be 0 in these modules");
        all.put("probe_tls_cipher_info", "since a later version; must be there for http wherever the TLS version is");
        all.put("probe_ssl_last_chain_info{serialnumber}", "label since a later version; compared without it");
        all.put("probe_failure_info", "Gatewatch's own; must be there when, and only when, probe_success is 0");
        return all;
    }

    @TempDir
    static Path folder;

    private static ParityPeers peers;
    private static GatewatchProcess gatewatch;
    private static Process exporter;
    private static URI exporterUrl;

    @BeforeAll
    static void start() throws Exception {
        Path binary = Components.require("prometheus-blackbox-exporter", "prometheus-blackbox-exporter", "blackbox_exporter");
        peers = new ParityPeers(folder);
        peers.start();
        Path modules = folder.resolve("blackbox.yml");
        Files.writeString(modules, peers.filledIn("blackbox.yml"));
        int port = GatewatchProcess.freePort();
        exporterUrl = URI.create("http://127.0.0.1:" + port);
        exporter = new ProcessBuilder(
                        binary.toString(), "--config.file=" + modules, "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("exporter.log").toFile())
                .start();
        int own = GatewatchProcess.freePort();
        Path config = folder.resolve("gatewatch.yml");
        Files.writeString(
                config, "server: {listen: \"127.0.0.1:" + own + "\"}\nstore: {url: \"sqlite:" + folder.resolve("gatewatch.db") + "\"}\n");
        gatewatch = GatewatchProcess.start(
                        folder, own, "run", "--config", config.toString(), "--blackbox", modules.toString())
                .awaitReady();
        Patience.await("blackbox_exporter").until(() -> {
            if (!exporter.isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("exporter.log")));
            }
            try {
                return ask(exporterUrl, "/-/healthy").statusCode() == 200;
            } catch (IOException _) {
                return false;
            }
        });
    }

    @AfterAll
    static void stop() throws Exception {
        if (gatewatch != null) {
            gatewatch.close();
        }
        if (exporter != null) {
            exporter.destroy();
            exporter.waitFor(10, TimeUnit.SECONDS);
        }
        if (peers != null) {
            peers.close();
        }
    }

    /** The targets of a prober, by the names that the table of differences has for them. */
    private static SequencedMap<String, String> targets(String prober) {
        var all = new LinkedHashMap<String, String>();
        String http = "http://127.0.0.1:" + peers.port("http");
        switch (prober) {
            case "http" -> {
                for (String path : List.of(
                        "", "/missing", "/maintenance", "/redirect", "/to-tls", "/loop", "/chunked", "/squeezed", "/large", "/private",
                        "/error", "/empty", "/host")) {
                    all.put(path.isEmpty() ? "page" : path.substring(1), http + (path.isEmpty() ? "/" : path));
                }
                all.put("no scheme", "127.0.0.1:" + peers.port("http") + "/");
                all.put("ip6", "http://[::1]:" + peers.port("http") + "/");
                all.put("tls", "https://localhost:" + peers.port("https") + "/");
                all.put("tls by address", "https://127.0.0.1:" + peers.port("https") + "/");
                all.put("expired", "https://127.0.0.1:" + peers.port("expired") + "/");
                all.put("self-signed", "https://127.0.0.1:" + peers.port("selfsigned") + "/");
                all.put("mutual", "https://localhost:" + peers.port("mutual") + "/");
                all.put("tls to plain", "https://127.0.0.1:" + peers.port("http") + "/");
                all.put("plain to tls", "http://127.0.0.1:" + peers.port("https") + "/");
                all.put("silent", "http://127.0.0.1:" + peers.port("silent") + "/");
                all.put("refused", "http://127.0.0.1:" + peers.port("nobody") + "/");
                all.put("no url", "http://no host/");
            }
            case "tcp" -> {
                for (String name : List.of("ssh", "smtp", "https", "expired", "http", "silent", "grpcs")) {
                    all.put(name, "127.0.0.1:" + peers.port(name));
                }
                all.put("ip6", "[::1]:" + peers.port("http"));
                all.put("refused", "127.0.0.1:" + peers.port("nobody"));
                all.put("no port", "127.0.0.1");
            }
            case "dns" -> {
                all.put("named", "127.0.0.1:" + peers.port("dns"));
                all.put("named over tls", "127.0.0.1:" + peers.port("dot"));
                all.put("ip6", "[::1]:" + peers.port("dns"));
                all.put("deaf", "127.0.0.1:" + peers.port("deaf"));
                all.put("refused", "127.0.0.1:" + peers.port("nobody"));
            }
            case "icmp" -> {
                all.put("ip4", "127.0.0.1");
                all.put("ip6", "::1");
                all.put("with port", "127.0.0.1:80");
            }
            default -> {
                all.put("plain", "127.0.0.1:" + peers.port("grpc"));
                all.put("tls", "localhost:" + peers.port("grpcs"));
                all.put("http", "127.0.0.1:" + peers.port("http"));
                all.put("https", "localhost:" + peers.port("https"));
                all.put("refused", "127.0.0.1:" + peers.port("nobody"));
                all.put("no port", "127.0.0.1");
            }
        }
        return all;
    }

    private static SequencedMap<String, String> modules() throws Exception {
        var all = new LinkedHashMap<String, String>();
        Matcher m = Pattern.compile("(?m)^  (\\w+):(?: \\{|\\s+)prober: (\\w+)").matcher(peers.filledIn("blackbox.yml"));
        while (m.find()) {
            all.put(m.group(1), m.group(2));
        }
        return all;
    }

    /** One module at one target, asked of both. */
    private record Compared(Map<String, Double> blackbox, Map<String, Double> gatewatch, List<Cell> differences) {}

    @Test
    void theWholeScrapeIsTheSameButForTheDifferencesNamed() throws Exception {
        ParityDifferences allowed = ParityDifferences.read();
        var works = new ArrayList<Future<Compared>>();
        var modules = modules();
        if (!exporterMayPing()) {
            modules.values().removeIf("icmp"::equals);
        }
        try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (Map.Entry<String, String> module : modules.entrySet()) {
                targets(module.getValue()).forEach((name, target) ->
                        works.add(threads.submit(() -> settled(allowed, module.getKey(), name, target))));
            }
        }
        var seen = new LinkedHashSet<Cell>();
        long samples = 0;
        long failed = 0;
        for (Future<Compared> work : works) {
            Compared compared = work.get();
            seen.addAll(compared.differences());
            samples += compared.blackbox().size();
            failed += compared.blackbox().get("probe_success") == 0 ? 1 : 0;
        }
        report(allowed, modules, works.size(), failed, samples, seen);
        assertThat(allowed.unexplained(seen)).as("differences that the table does not name").isEmpty();
        assertThat(allowed.stale(seen).stream().filter(cell -> modules.containsKey(cell.module()))).as("differences that are no more").isEmpty();
    }

    /** For people; the raw cells are beside it, in the form of the table. */
    private static void report(
            ParityDifferences allowed,
            SequencedMap<String, String> modules,
            int pairs,
            long failed,
            long samples,
            SequencedSet<Cell> seen)
            throws IOException {
        Path target = Files.createDirectories(Path.of("target"));
        Files.write(
                target.resolve("blackbox-parity.cells"),
                seen.stream()
                        .map(c -> String.join(" | ", c.kind().name(), c.metric(), c.target(), c.module()))
                        .toList());
        var text = new StringBuilder("# Parity with blackbox_exporter\n\n");
        var probers = new LinkedHashSet<>(modules.values());
        text.append(modules.size()).append(" modules × ");
        text.append(probers.stream()
                .map(p -> targets(p).size() + " " + p)
                .collect(Collectors.joining(" / ", "", " targets")));
        text.append(" = ").append(pairs).append(" scrapes (").append(pairs - failed).append(" succeed, ").append(failed)
                .append(" fail), ").append(samples).append(" samples of blackbox_exporter's, all equal but for ").append(seen.size())
                .append(" listed differences of ").append(allowed.reasons().size()).append(" kinds:\n\n| samples | difference |\n|---|---|\n");
        allowed.reasons().forEach((id, reason) -> text.append("| ").append(allowed.count(id)).append(" | ").append(reason).append(" |\n"));
        text.append("\nMetrics that blackbox_exporter 0.23.0 does not have yet, or that are Gatewatch's own:\n\n");
        NEWER.forEach((metric, why) -> text.append("- `").append(metric).append("`: ").append(why).append('\n'));
        Files.writeString(target.resolve("blackbox-parity.md"), text);
    }

    /** Pinging needs a right that whoever runs the test may not have; the report has no icmp targets then. */
    private static boolean exporterMayPing() throws Exception {
        return Scrape.parse(ask(exporterUrl, "/probe?module=icmp_ip4&target=127.0.0.1").body()).samples().get("probe_success") == 1;
    }

    /** A busy machine may let either run into a time-out once: what is not as the table has it is looked at again. */
    private static Compared settled(ParityDifferences allowed, String module, String name, String target) throws Exception {
        Set<Cell> expected = allowed.cells().keySet().stream()
                .filter(cell -> cell.module().equals(module) && cell.target().equals(name))
                .collect(Collectors.toSet());
        Compared compared = compare(module, name, target);
        for (int i = 0; i < SECOND_LOOKS && !expected.equals(Set.copyOf(compared.differences())); i++) {
            compared = compare(module, name, target);
        }
        return compared;
    }

    private static Compared compare(String module, String name, String target) throws Exception {
        String path = "/probe?module=" + module + "&target=" + encoded(target);
        Map<String, Double> theirs = Scrape.parse(ask(exporterUrl, path).body()).samples();
        var ours = new TreeMap<>(Scrape.parse(ask(gatewatch.base(), path).body()).samples());
        checkOwn(ours, theirs);
        var all = new TreeSet<>(theirs.keySet());
        all.addAll(ours.keySet());
        var differences = new ArrayList<Cell>();
        for (String metric : all) {
            double their = theirs.getOrDefault(metric, Double.NaN);
            double own = ours.getOrDefault(metric, Double.NaN);
            boolean same = DURATION.matcher(metric).matches()
                    ? their >= 0 && own >= 0 && own <= TIMEOUT + 1 && (their == 0) == (own == 0)
                    : their == own;
            if (!same) {
                Kind kind = Double.isNaN(their) ? Kind.EXTRA : Double.isNaN(own) ? Kind.MISSING : Kind.VALUE;
                differences.add(new Cell(module, name, FINGERPRINT.matcher(metric).replaceAll("fingerprint_sha256=\"…\""), kind));
            }
        }
        return new Compared(theirs, ours, differences);
    }

    /** Checks and takes away what the old blackbox_exporter cannot have. */
    private static void checkOwn(Map<String, Double> ours, Map<String, Double> theirs) {
        assertThat(ours.remove("probe_timeout_seconds")).isEqualTo(TIMEOUT);
        boolean explained = ours.keySet().removeIf(metric -> metric.startsWith("probe_failure_info{"));
        assertThat(explained).isEqualTo(ours.get("probe_success") == 0);
        Double bytes = ours.remove("probe_failed_due_to_bytes");
        assertThat(bytes == null || bytes == 0).isTrue();
        boolean ciphered = ours.keySet().removeIf(metric -> metric.startsWith("probe_tls_cipher_info{"));
        if (theirs.containsKey("probe_http_ssl")) {
            assertThat(ciphered).isEqualTo(ours.keySet().stream().anyMatch(metric -> metric.startsWith("probe_tls_version_info{")));
        } else {
            assertThat(ciphered).isFalse();
        }
        for (String info : ours.keySet().stream().filter(m -> m.startsWith("probe_ssl_last_chain_info{")).toList()) {
            ours.remove(info);
            ours.put(SERIAL.matcher(info).replaceAll(""), 1.0);
        }
    }

    /** What is asked for wrongly: with the same status, and the same words but for those of Go's own libraries. */
    static List<Arguments> badRequests() {
        return List.of(
                Arguments.of("/probe?module=nobody&target=x", "", true),
                Arguments.of("/probe?module=http_2xx", "", true),
                Arguments.of("/probe?module=http_2xx&target=", "", true),
                Arguments.of("/probe?module=nobody", "soon", true),
                Arguments.of("/probe?module=http_2xx", "soon", false),
                Arguments.of("/probe?module=http_2xx&target=x", "soon", false),
                Arguments.of("/probe?module=http_named_host&target=127.0.0.1&hostname=other.example", "", true));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void aBadRequestIsRefusedAlike(String path, String timeout, boolean sameWords) throws Exception {
        HttpResponse<String> theirs = ask(exporterUrl, path, timeout);
        HttpResponse<String> ours = ask(gatewatch.base(), path, timeout);

        assertThat(theirs.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(ours.statusCode()).isEqualTo(theirs.statusCode());
        if (sameWords) {
            assertThat(ours.body()).isEqualTo(theirs.body());
        } else {
            assertThat(ours.body()).startsWith(theirs.body().substring(0, theirs.body().indexOf(':')));
        }
    }

    /** As newer versions of blackbox_exporter do. */
    @Test
    void aTargetEncodedTwiceIsTheSameTarget() throws Exception {
        String twice = encoded(encoded("http://127.0.0.1:" + peers.port("http") + "/missing"));
        assertThat(Scrape.parse(ask(gatewatch.base(), "/probe?module=http_404&target=" + twice).body()).samples())
                .containsEntry("probe_success", 1.0)
                .containsEntry("probe_http_status_code", 404.0);
    }

    @Test
    void aHostnameGoesIntoHostAndServerName() throws Exception {
        String http = "/probe?module=http_body_must_match&hostname=shop.example&target="
                + encoded("http://127.0.0.1:" + peers.port("http") + "/host");
        String tls = "/probe?module=tcp_tls&target=" + encoded("127.0.0.1:" + peers.port("https")) + "&hostname=";
        for (URI base : List.of(exporterUrl, gatewatch.base())) {
            assertThat(success(base, http)).isEqualTo(1);
        }
        // newer versions of blackbox_exporter do it for tcp, too
        assertThat(success(gatewatch.base(), tls + "pay.example")).isEqualTo(1);
        assertThat(success(gatewatch.base(), tls + "shop.example")).isEqualTo(0);
        assertThat(Scrape.parse(ask(gatewatch.base(), http).body()).samples().get("probe_http_content_length"))
                .isEqualTo(Scrape.parse(ask(exporterUrl, http).body()).samples().get("probe_http_content_length"));
    }

    @ParameterizedTest
    @CsvSource({"1.3, 0.8", "60, 2", "0.2, 2", "0, 2"})
    void theTimeoutIsTheScrapersLessItsOffsetOrTheModules(String header, double seconds) throws Exception {
        String path = "/probe?module=tcp_ssh_banner&target=127.0.0.1:" + peers.port("silent");
        for (URI base : List.of(exporterUrl, gatewatch.base())) {
            Map<String, Double> samples = Scrape.parse(ask(base, path, header).body()).samples();
            assertThat(samples.get("probe_duration_seconds")).isBetween(seconds - 0.1, seconds + 0.6);
        }
        assertThat(Scrape.parse(ask(gatewatch.base(), path, header).body()).samples())
                .containsEntry("probe_timeout_seconds", seconds);
    }

    @Test
    void theDebugOutputHasTheSameParts() throws Exception {
        String path = "/probe?debug=true&module=http_basic_auth&target=" + encoded("http://127.0.0.1:" + peers.port("http") + "/");
        var headings = new ArrayList<List<String>>();
        for (URI base : List.of(exporterUrl, gatewatch.base())) {
            HttpResponse<String> answer = ask(base, path);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            assertThat(answer.body()).contains("<secret>", "Beginning probe", "Probe succeeded").doesNotContain("not-a-secret");
            headings.add(answer.body().lines().filter(line -> line.matches("[A-Z][A-Za-z ]+:")).toList());
        }
        assertThat(headings.getLast()).isEqualTo(headings.getFirst()).hasSize(3);
    }

    @Test
    void whatTheTargetPolicyRefusesIsAFailedProbe() throws Exception {
        for (String module : List.of("http_2xx", "tcp_connect", "dns_a", "icmp", "grpc_plain")) {
            Map<String, Double> samples = Scrape.parse(ask(
                                    gatewatch.base(), "/probe?module=" + module + "&target=169.254.169.254" + (module.matches("tcp.*|grpc.*") ? ":80" : ""))
                            .body())
                    .samples();
            assertThat(samples)
                    .containsEntry("probe_success", 0.0)
                    .containsKey("probe_failure_info{cause=\"target_forbidden\",class=\"own_side\"}");
            assertThat(samples.get("probe_duration_seconds")).as("nothing was waited for").isLessThan(0.5);
        }
    }

    @Test
    void theDocumentationNamesEveryDifference() throws IOException {
        String documentation = Files.readString(Path.of(System.getProperty("project.root"), "docs", "blackbox.md"));
        assertThat(ParityDifferences.read().reasons().values())
                .allSatisfy(reason -> assertThat(documentation).contains(reason));
    }

    private static double success(URI base, String path) throws Exception {
        return Scrape.parse(ask(base, path).body()).samples().get("probe_success");
    }

    private static HttpResponse<String> ask(URI base, String path, String timeout) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path));
        if (!timeout.isEmpty()) {
            request.header("X-Prometheus-Scrape-Timeout-Seconds", timeout);
        }
        return GatewatchProcess.send(request.build());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> ask(URI base, String path) throws IOException, InterruptedException {
        return GatewatchProcess.send(HttpRequest.newBuilder(base.resolve(path)).build());
    }
}
