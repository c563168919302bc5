package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.daemon.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The distribution's Kubernetes manifests are whole, and the configuration in them is one that the daemon takes. */
final class KubernetesTest {
    private static final Path FOLDER = Path.of("../deploy/src/dist/kubernetes");

    @TempDir
    private Path folder;

    @Test
    void everyManifestSaysWhatItIs() throws IOException {
        assertThat(documents())
                .isNotEmpty()
                .allSatisfy(document -> assertThat(List.<Object>copyOf(document.keySet())).contains("apiVersion", "kind", "metadata"));
    }

    @Test
    void theConfigurationInTheConfigMapLoads() throws IOException {
        Map<?, ?> data = documents().stream()
                .filter(d -> "ConfigMap".equals(d.get("kind")))
                .map(d -> (Map<?, ?>) d.get("data"))
                .findFirst()
                .orElseThrow();
        Path file = Files.writeString(folder.resolve("gatewatch.yml"), String.valueOf(data.get("gatewatch.yml")));

        Configuration.Attempt attempt = Configuration.read(List.of(file), Map.of("POD_NAMESPACE", "checkout"));

        assertThat(attempt.lines()).isEmpty();
        try (Configuration configuration = attempt.configuration().orElseThrow()) {
            assertThat(configuration.location()).isEqualTo("checkout");
            assertThat(configuration.plan().probes().values())
                    .singleElement()
                    .matches(spec -> spec.type().name().equals("reachability"))
                    .matches(spec -> spec.series().probe().equals("paths"), "as the CronJob names it");
        }
    }

    private static List<Map<?, ?>> documents() throws IOException {
        var all = new ArrayList<Map<?, ?>>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                var load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
                StreamSupport.stream(load.loadAllFromString(Files.readString(file)).spliterator(), false)
                        .forEach(document -> all.add((Map<?, ?>) document));
            }
        }
        return all;
    }
}
