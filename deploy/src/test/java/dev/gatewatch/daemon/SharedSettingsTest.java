package dev.gatewatch.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all probes share: the clients of the oauth section, and the target policy. */
final class SharedSettingsTest {
    private static final String PROBES =
            """
            probes:
              - {name: a, type: http, url: "http://127.0.0.1:1/", auth: {oauth: shop}}
              - {name: b, type: oauth, client: shop, mode: cached}
            """;

    @TempDir
    Path folder;

    @Test
    void aProbeIsMadeAnewWhenTheClientItUsesIsAnother() throws IOException {
        List<String> first = fingerprints("oauth: {shop: {token_url: \"http://127.0.0.1:1/\"}}\n" + PROBES);
        List<String> same = fingerprints("location: local\noauth: {shop: {token_url: \"http://127.0.0.1:1/\"}}\n" + PROBES);
        List<String> other = fingerprints("oauth: {shop: {token_url: \"http://127.0.0.1:2/\"}}\n" + PROBES);
        List<String> policed =
                fingerprints("oauth: {shop: {token_url: \"http://127.0.0.1:1/\"}}\ntargets: {deny: [10.0.0.0/8]}\n" + PROBES);

        assertThat(same).isEqualTo(first);
        assertThat(other).doesNotContainAnyElementsOf(first);
        assertThat(policed).doesNotContainAnyElementsOf(first).doesNotContainAnyElementsOf(other);
    }

    @Test
    void aProbeIsMadeAnewWhenAFileOfItsClientIsAnother() throws IOException {
        String text = "oauth: {shop: {token_url: \"http://127.0.0.1:1/\", tls: {trust: ca.pem}}}\n" + PROBES;
        Path ca = folder.resolve("ca.pem");
        Files.copy(Path.of(System.getProperty("project.root", ".."), "config-samples/samples/tcp/ca.pem"), ca);
        List<String> first = fingerprints(text);
        Files.writeString(ca, Files.readString(ca) + "\n# deployed again\n");

        assertThat(fingerprints(text)).doesNotContainAnyElementsOf(first);
    }

    @Test
    void aTokenIsOnlyAskedForWhereThePolicyLetsItBe() throws Exception {
        Configuration.Attempt attempt = read(
                "targets: {deny: [\"127.0.0.1:9\"]}\noauth: {shop: {token_url: \"http://127.0.0.1:9/\"}}\n" + PROBES);

        try (Configuration c = attempt.configuration().orElseThrow()) {
            Probe probe = c.plan().probes().values().iterator().next().probe();
            var report = Runs.once(probe, Duration.ofSeconds(5));

            assertThat(report.cause()).as(report.toString()).contains(Cause.TARGET_FORBIDDEN);
        }
    }

    @Test
    void whoRefersToAClientWithProblemsDoesNotHearThatThereIsNone() throws IOException {
        assertThat(read("oauth: {shop: {token_url: nowhere}}\n" + PROBES).lines())
                .hasSize(2)
                .satisfies(lines -> {
                    assertThat(lines.getFirst()).contains("oauth.shop.token_url: expected a URL starting with");
                    assertThat(lines.getLast()).contains("probes[1].client: the client \"shop\" has problems of its own");
                });
    }

    private List<String> fingerprints(String text) throws IOException {
        Configuration.Attempt attempt = read(text);
        assertThat(attempt.lines()).isEmpty();
        try (Configuration c = attempt.configuration().orElseThrow()) {
            return c.plan().probes().values().stream().map(spec -> spec.fingerprint()).toList();
        }
    }

    private Configuration.Attempt read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("gatewatch.yml"), text);
        return Configuration.read(List.of(file), Map.of());
    }
}
