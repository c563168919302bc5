package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.daemon.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class DemoConfigurationTest extends RunningSandbox {
    @SuppressWarnings("unchecked") // YAML has no types
    private static Map<String, Object> loaded(Sandbox of) {
        return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(of.configuration());
    }

    @Test
    void itNamesTheRealPortsAndFiles() {
        assertThat(sandbox.configuration())
                .contains("https://127.0.0.1:" + sandbox.port(Region.EU) + "/health")
                .contains("https://127.0.0.1:" + sandbox.port(Region.AP) + "/orders")
                .contains("127.0.0.1:" + sandbox.dnsPort(Zone.View.LOCAL))
                .contains("127.0.0.1:" + sandbox.dnsPort(Zone.View.PUBLIC))
                .contains(control("/inbox/slack"))
                .doesNotContain("{{");
        assertThat(loaded(sandbox))
                .containsEntry("server", Map.of("listen", "127.0.0.1:9780", "external_url", "http://127.0.0.1:9780"))
                .containsEntry("store", Map.of("url", "sqlite:" + data.resolve("gatewatch.db")));
    }

    @Test
    void itHasTheProbesTheFaultsAreFor() {
        assertThat(loaded(sandbox).get("probes"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .extracting(p -> String.valueOf(((Map<?, ?>) p).get("name")))
                .containsAll(Faults.ALL.stream().map(Fault::probe).distinct().toList());
    }

    @Test
    void gatewatchReadsItWithoutAWord() throws Exception {
        Path file = Files.writeString(data.resolve("gatewatch.yml"), sandbox.configuration());
        Configuration.Attempt attempt = Configuration.read(List.of(file), Map.of());
        assertThat(attempt.lines()).isEmpty();
        assertThat(attempt.configuration()).isPresent();
    }

    @Test
    void aFolderWithAnOddNameIsQuoted(@TempDir Path root) throws Exception {
        Path odd = Files.createDirectory(root.resolve("a \"b\": {c} #d"));
        var settings = new SandboxSettings(new HostPort("127.0.0.1", 0), new HostPort("::1", 9780), odd);
        try (Sandbox other = Sandbox.start(settings)) {
            assertThat(loaded(other))
                    .containsEntry("store", Map.of("url", "sqlite:" + odd.resolve("gatewatch.db")))
                    .containsEntry("server", Map.of("listen", "[::1]:9780", "external_url", "http://[::1]:9780"));
            assertThat(Files.readString(odd.resolve("sandbox-ca.pem"))).startsWith("-----BEGIN CERTIFICATE-----");
        }
    }
}
