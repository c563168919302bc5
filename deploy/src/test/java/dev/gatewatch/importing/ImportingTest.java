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

    @Test
    void numbersThatAreNoneAreNoFaultOfOurs() throws Exception {
        Path gatus = Files.writeString(
                folder.resolve("odd.yaml"),
                """
                endpoints:
                  - {name: a, url: "https://a.example", conditions: ["[STATUS] == any(200, 99999999999)"], alerts: [{failure-threshold: many}]}
                """);
        Path kuma = Files.writeString(
                folder.resolve("odd.json"),
                """
                {"monitorList": [{"name": "a", "type": "http", "url": "https://a.example", "maxretries": 1.5, "maxredirects": "99999999999"}]}
                """);

        Outcome ofGatus = Importing.of(From.GATUS, gatus, Optional.empty());
        Outcome ofKuma = Importing.of(From.UPTIME_KUMA, kuma, Optional.empty());

        assertThat(ofGatus.probes()).isEqualTo(1);
        assertThat(ofGatus.notes()).anyMatch(n -> n.contains("any(200, 99999999999)"));
        assertThat(ofKuma.probes()).isEqualTo(1);
    }

    @Test
    void aPasswordInAnAddressIsNotCopied() throws Exception {
        Path gatus = Files.writeString(
                folder.resolve("login.yaml"), "endpoints: [{name: a, url: \"https://probe:hunter2@a.example/health\"}]");
        Path kuma = Files.writeString(
                folder.resolve("login.json"),
                "{\"monitorList\": [{\"name\": \"a\", \"type\": \"http\", \"url\": \"https://probe:hunter2@a.example/health\"}]}");

        for (Outcome outcome : new Outcome[] {
            Importing.of(From.GATUS, gatus, Optional.empty()), Importing.of(From.UPTIME_KUMA, kuma, Optional.empty())
        }) {
            assertThat(outcome.text().orElseThrow()).contains("https://a.example/health").doesNotContain("hunter2");
            assertThat(outcome.notes()).anyMatch(n -> n.contains("user name and password in its address were not copied"));
            assertThat(outcome.mistakes()).isEmpty();
        }
    }

    @Test
    void aNameInAnotherScriptIsSaidAndAnEmptyFileToo() throws Exception {
        Path named = Files.writeString(folder.resolve("named.yaml"), "endpoints: [{name: 支付, url: \"https://a.example\"}]");
        Path empty = Files.writeString(folder.resolve("none.yaml"), "web: {port: 8080}");

        assertThat(Importing.of(From.GATUS, named, Optional.empty()).notes()).anyMatch(n -> n.startsWith("probe: is what \"支付\""));
        assertThat(Importing.of(From.GATUS, empty, Optional.empty()).notes()).anyMatch(n -> n.contains("no endpoint was found"));
    }
}
