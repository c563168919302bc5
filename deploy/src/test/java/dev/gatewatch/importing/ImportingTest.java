package dev.gatewatch.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.importing.Importing.From;
import dev.gatewatch.importing.Importing.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportingTest {
    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws Exception {
        for (String file : new String[] {"blackbox.yml", "prometheus.yml", "gatus.yaml", "kuma.json"}) {
            try (var in = ImportingTest.class.getResourceAsStream("/importing/" + file)) {
                Files.copy(in, folder.resolve(file));
            }
        }
    }

    @Test
    void theTargetsOfBlackboxesModulesComeFromPrometheus() throws Exception {
        Outcome outcome = Importing.of(
                From.BLACKBOX, folder.resolve("blackbox.yml"), Optional.of(folder.resolve("prometheus.yml")));

        assertThat(outcome.mistakes()).isEmpty();
        assertThat(outcome.probes()).isEqualTo(2);
        assertThat(outcome.text().orElseThrow())
                .contains("name: shops-shop.example.com", "url: https://shop.example.com/", "url: http://bank.example.com/health")
                .contains("interval: 15s", "team: payments", "ip_family: prefer_ip4", "${env:HTTP_2XX_PASSWORD}")
                .doesNotContain("hunter2");
        assertThat(outcome.notes())
                .contains("job found: dns_sd_configs was not carried over; only static_configs are")
                .contains("http_2xx: the password was not copied; set the environment variable HTTP_2XX_PASSWORD");
    }

    @Test
    void modulesWithoutTargetsAreSwitchedOff() throws Exception {
        Outcome outcome = Importing.of(From.BLACKBOX, folder.resolve("blackbox.yml"), Optional.empty());
        assertThat(outcome.text().orElseThrow()).contains("enabled: false");
        assertThat(outcome.notes().getFirst()).contains("a blackbox.yml has no targets");
    }

    @Test
    void gatusEndpointsKeepTheirConditions() throws Exception {
        Outcome outcome = Importing.of(From.GATUS, folder.resolve("gatus.yaml"), Optional.empty());

        assertThat(outcome.mistakes()).isEmpty();
        assertThat(outcome.text().orElseThrow())
                .contains("name: core-website", "$.status: UP", "latency: 300ms", "failures: 5", "${env:SLACK_URL}")
                .contains("type: dns", "query: example.com", "target: 'db.example.com:5432'")
                .doesNotContain("Bearer abc");
        assertThat(outcome.notes())
                .contains("core website: the condition \"len([BODY].items) > 2\" could not be carried over")
                .contains("alerting.pushover: was not carried over")
                .contains("strange: endpoints like \"sctp://…\" cannot be carried over");
    }

    @Test
    void uptimeKumasMonitorsComeFromItsBackup() throws Exception {
        Outcome outcome = Importing.of(From.UPTIME_KUMA, folder.resolve("kuma.json"), Optional.empty());

        assertThat(outcome.mistakes()).isEmpty();
        assertThat(outcome.text().orElseThrow())
                .contains("contains: [Welcome]", "status: [2xx, 301]", "target: 'db.example.com:5432'", "enabled: false", "failures: 3")
                .doesNotContain("hunter2", "hooks.example/secret");
        assertThat(outcome.notes())
                .contains("notification Mail: was not carried over")
                .contains("Box: monitors of type \"docker\" cannot be carried over");
    }

    @Test
    void whatCannotBeReadIsToldAndNothingIsWritten() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.yml"), "modules: {a: {prober: http, http: {methd: GET}}}");
        Outcome outcome = Importing.of(From.BLACKBOX, broken, Optional.empty());
        assertThat(outcome.text()).isEmpty();
        assertThat(outcome.problems()).singleElement().asString().contains("methd");
    }
}
