package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Durations;
import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.ProbeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample loads, and every mistake is told in the words that stand beside it. */
final class SamplesTest {
    static List<Path> working() {
        return Samples.working();
    }

    static List<Path> broken() {
        return Samples.broken();
    }

    @ParameterizedTest
    @MethodSource("working")
    void aWorkingSampleLoadsWithNothingToSay(Path sample) throws IOException {
        Configuration.Attempt attempt = Samples.read(sample);

        assertThat(attempt.lines()).containsExactlyElementsOf(expected(sample.resolve("warnings")));
        try (Configuration configuration = attempt.configuration().orElseThrow()) {
            assertThat(configuration.plan().probes()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenSampleIsToldInTheWordsBesideIt(Path sample) throws IOException {
        Configuration.Attempt attempt = Samples.read(sample);

        if (Documents.UPDATE) {
            Files.writeString(Samples.expectation(sample), String.join("\n", attempt.lines()) + "\n");
        }
        assertThat(attempt.lines()).isNotEmpty().containsExactlyElementsOf(expected(sample));
    }

    @Test
    void everyExpectationBelongsToASample() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("broken"))) {
            assertThat(files.filter(f -> f.toString().endsWith(".txt")).sorted())
                    .containsExactlyElementsOf(
                            broken().stream().map(Samples::expectation).toList());
        }
    }

    @Test
    void everyProbeTypeHasItsSample() {
        List<String> types = ServiceLoader.load(ProbeType.class).stream()
                .map(t -> t.get().name())
                .sorted()
                .toList();

        assertThat(types).isNotEmpty();
        assertThat(types).allSatisfy(type -> assertThat(
                        Samples.read(Path.of("samples", type)).configuration().orElseThrow().plan().probes().values())
                .isNotEmpty()
                .allMatch(spec -> spec.type().name().equals(type)));
    }

    @Test
    void theGatewaySampleBecomesWhatItSays() {
        try (Configuration c =
                Samples.read(Path.of("samples/gateway")).configuration().orElseThrow()) {
            assertThat(c.location()).isEqualTo("dc1");
            assertThat(c.server().listen().toString()).isEqualTo("127.0.0.1:9780");
            assertThat(c.plan().probes().values().stream().map(SamplesTest::summary))
                    .containsExactly(
                            "gateway-health http every 10s within 5s {service=payments, team=core}",
                            "checkout@eu http every 30s within 5s {}",
                            "checkout@ap http every 30s within 5s {}",
                            "gateway-name dns every 30s within 5s {}",
                            "gateway-port tcp every 30s within 5s {}",
                            "gateway-certificate certificate every 30s within 5s {}");
            assertThat(c.rules().stream().map(r -> r.name())).containsExactly("gateway-down", "flaky", "slow", "errors", "expiry");
            assertThat(c.channels().stream().map(Object::toString))
                    .containsExactly("ops (slack)", "am (alertmanager)", "hook (webhook)");
            assertThat(c.routes().stream().map(r -> r.channels()))
                    .containsExactly(List.of("am", "ops"), List.of("am"));
        }
    }

    @Test
    void theConfigurationInTheDistributionLoads() {
        Configuration.Attempt attempt = Samples.read(Path.of("../deploy/src/dist/conf/gatewatch.yml"));

        assertThat(attempt.lines()).isEmpty();
        attempt.configuration().orElseThrow().close();
    }

    @Test
    void noMessageShowsASecret() throws IOException {
        var secret = Files.readString(Path.of("samples/gateway/secrets/slack")).strip();

        assertThat(Stream.concat(working().stream(), broken().stream())
                        .flatMap(s -> Samples.read(s).lines().stream())
                        .toList())
                .isNotEmpty()
                .noneMatch(line -> line.contains(secret) || line.contains("not-a-real-token"));
    }

    private static String summary(ProbeSpec spec) {
        return "%s %s every %s within %s %s"
                .formatted(
                        spec.series().display(),
                        spec.type().name(),
                        Durations.format(spec.interval()),
                        Durations.format(spec.timeout()),
                        spec.labels());
    }

    private static List<String> expected(Path sample) throws IOException {
        Path file = Samples.expectation(sample);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
