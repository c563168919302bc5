package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A configuration that changes while the daemon runs. */
class ReloadIT {
    @TempDir
    Path folder;

    private FlakyTarget target;
    private GatewatchProcess gatewatch;

    @BeforeEach
    void start() throws Exception {
        target = new FlakyTarget();
        gatewatch = GatewatchProcess.run(folder, configuration("one", "two"));
        gatewatch.awaitReady();
        Patience.await("first results").untilAsserted(() -> assertThat(passing()).containsExactly("one", "two"));
    }

    @AfterEach
    void stop() {
        gatewatch.close();
        target.close();
    }

    @Test
    void aSavedFileIsTakenByItself() throws Exception {
        save(configuration("one", "three"));

        Patience.await("the new probe runs, the old one is gone")
                .untilAsserted(() -> assertThat(passing()).containsExactly("one", "three"));
        assertThat(gatewatch.get("/metrics")).doesNotContain("probe_success{probe=\"two\"").doesNotContain("\"two\"");
    }

    @Test
    void hangUpAndPostReload() throws Exception {
        save(configuration("one", "posted"));
        assertThat(post("/-/reload")).isEqualTo(200);
        Patience.await("posted").untilAsserted(() -> assertThat(passing()).containsExactly("one", "posted"));

        save(configuration("one", "hung-up"));
        new ProcessBuilder("kill", "-HUP", Long.toString(gatewatch.pid())).start().waitFor();
        Patience.await("hung up").untilAsserted(() -> assertThat(passing()).containsExactly("hung-up", "one"));
    }

    @Test
    void aBadFileChangesNothingAndIsSaidEverywhere() throws Exception {
        save(configuration("one", "two").replace("interval: 1s", "intervall: 1s"));
        assertThat(post("/-/reload")).isEqualTo(500);

        assertThat(gatewatch.output()).contains("unknown key \"intervall\"").contains("did you mean \"interval\"?");
        assertThat(gatewatch.get("/metrics")).contains("gatewatch_config_last_reload_successful 0");
        assertThat(gatewatch.get("/")).contains("intervall");
        assertThat(gatewatch.api("/status").toString()).contains("intervall");
        assertThat(passing()).containsExactly("one", "two");

        save(configuration("one", "two"));
        Patience.await("mended").untilAsserted(() ->
                assertThat(gatewatch.get("/metrics")).contains("gatewatch_config_last_reload_successful 1"));
    }

    @Test
    void anAlertGoesOnOverAReloadAndEndsAsRemovedWithItsProbe() throws Exception {
        target.answer("/one", 500);
        Patience.await("an alert").untilAsserted(() -> assertThat(alert().get("state").asString()).isEqualTo("firing"));
        JsonNode before = alert();

        save(configuration("one", "three"));
        Patience.await("the new probe").untilAsserted(() -> assertThat(passing()).contains("three"));
        assertThat(alert().get("id")).isEqualTo(before.get("id"));
        assertThat(alert().get("startsAt")).isEqualTo(before.get("startsAt"));
        assertThat(alert().get("state").asString()).isEqualTo("firing");

        save(configuration("two", "three"));
        Patience.await("the alert is resolved").untilAsserted(() -> {
            assertThat(alert().get("id")).isEqualTo(before.get("id"));
            assertThat(alert().get("state").asString()).isEqualTo("resolved");
            assertThat(alert().toString()).contains("removed");
        });
    }

    private void save(String configuration) throws Exception {
        Files.writeString(
                folder.resolve("gatewatch.yml"),
                configuration.replace("@listen@", gatewatch.base().getAuthority()));
    }

    private int post(String path) throws Exception {
        return GatewatchProcess.send(HttpRequest.newBuilder(gatewatch.base().resolve(path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build())
                .statusCode();
    }

    private JsonNode alert() throws Exception {
        JsonNode alerts = gatewatch.api("/alerts");
        assertThat(alerts).hasSize(1);
        return alerts.get(0);
    }

    private List<String> passing() throws Exception {
        var names = new ArrayList<String>();
        for (JsonNode probe : gatewatch.api("/probes")) {
            JsonNode last = probe.get("regions").get(0).get("last");
            if (last != null && !last.isNull() && last.get("outcome").asString().equals("pass")) {
                names.add(probe.get("name").asString());
            }
        }
        names.sort(null);
        return names;
    }

    private String configuration(String... probes) {
        var list = new StringBuilder();
        for (String probe : probes) {
            list.append("  - {name: %s, type: http, url: \"%s\", interval: 1s}\n".formatted(probe, target.url("/" + probe)));
        }
        return """
                server: {listen: "@listen@"}
                store: {url: "sqlite:%s"}
                probes:
                %s
                rules:
                  - {name: down, when: {failures: 2}, severity: critical}
                channels:
                  - {name: log, type: log}
                routes:
                  - {channels: [log]}
                """
                .formatted(folder.resolve("g.db"), list);
    }
}
