package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real blackbox_exporter and Gatewatch answer for the same modules and targets, and the answers are the same but for the differences
 * that {@link ParityDifferences} names.
 */
class BlackboxParityIT {
    private static final double TIMEOUT = 2;

    /** What took time, and when something happened, differs from run to run; that it did is compared. */
    private static final Pattern DURATION = Pattern.compile("probe_(duration|dns_lookup_time|[a-z]+_duration)_seconds(\\{.*)?");

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
            } catch (java.io.IOException _) {
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
                all.put("no http", "http://127.0.0.1:" + peers.port("ssh") + "/");
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

    /** One metric that is not the same; a missing one is NaN. */
    record Difference(String module, String target, String metric, double blackbox, double gatewatch) {
        @Override
        public String toString() {
            return module + " | " + target + " | " + metric + " | " + shown(blackbox) + " | " + shown(gatewatch);
        }

        private static String shown(double value) {
            return Double.isNaN(value) ? "-" : value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
        }
    }

    @Test
    void theWholeScrapeIsTheSameButForTheDifferencesNamed() throws Exception {
        var differences = new ArrayList<Difference>();
        int compared = 0;
        int samples = 0;
        var works = new ArrayList<Future<List<Difference>>>();
        var targetCounts = new TreeMap<String, Integer>();
        try (var threads = Executors.newFixedThreadPool(24, Thread.ofVirtual().factory())) {
            for (Map.Entry<String, String> module : modules().entrySet()) {
                SequencedMap<String, String> targets = targets(module.getValue());
                targetCounts.put(module.getValue(), targets.size());
                for (Map.Entry<String, String> target : targets.entrySet()) {
                    works.add(threads.submit((Callable<List<Difference>>) () ->
                            compare(module.getKey(), target.getKey(), target.getValue())));
                }
            }
            for (Future<List<Difference>> work : works) {
                differences.addAll(work.get(60, TimeUnit.SECONDS));
                compared++;
            }
        }
        Files.writeString(
                Files.createDirectories(Path.of("target")).resolve("blackbox-parity.raw"),
                String.join("\n", differences.stream().map(Difference::toString).toList()) + "\n");
        System.out.println(compared + " " + targetCounts + " " + samples);
        assertThat(differences).isEmpty();
    }

    private static List<Difference> compare(String module, String name, String target) throws Exception {
        String path = "/probe?module=" + module + "&target=" + encoded(target);
        Map<String, Double> theirs = Scrape.parse(ask(exporterUrl, path).body()).samples();
        Map<String, Double> ours = Scrape.parse(ask(gatewatch.base(), path).body()).samples();
        var all = new TreeSet<>(theirs.keySet());
        all.addAll(ours.keySet());
        var differences = new ArrayList<Difference>();
        for (String metric : all) {
            double their = theirs.getOrDefault(metric, Double.NaN);
            double own = ours.getOrDefault(metric, Double.NaN);
            boolean same = DURATION.matcher(metric).matches()
                    ? their >= 0 && own >= 0 && own <= TIMEOUT + 1 && (their == 0) == (own == 0)
                    : their == own;
            if (!same) {
                differences.add(new Difference(module, name, metric, their, own));
            }
        }
        return differences;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> ask(URI base, String path) throws Exception {
        return GatewatchProcess.send(HttpRequest.newBuilder(base.resolve(path)).build());
    }
}
