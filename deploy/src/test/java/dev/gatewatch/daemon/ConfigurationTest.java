package dev.gatewatch.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.engine.ProbeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationTest {
    private static final String PROBE = "probes:\n  - {name: a, type: tcp, target: \"127.0.0.1:1\"}\n";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void whatIsNotWrittenHasADefault() throws IOException {
        write("f.yml", PROBE);

        try (Configuration c = read("f.yml").configuration().orElseThrow()) {
            assertThat(c.location()).isEqualTo("local");
            assertThat(c.server().listen()).hasToString("127.0.0.1:9780");
            assertThat(c.baseDirectory()).isEqualTo(folder);
            assertThat(c.files()).containsExactly(folder + "/f.yml");
            assertThat(c.rules()).isEmpty();
            ProbeSpec spec = c.plan().probes().values().iterator().next();
            assertThat(spec.series().location()).isEqualTo("local");
            assertThat(spec.interval()).hasSeconds(30);
        }
    }

    @Test
    void partsInSeveralFilesAreCheckedAgainstEachOther() throws IOException {
        write("conf/1.yml", PROBE + "channels:\n  - {name: log, type: log}\n");
        write("conf/2.yml", "rules:\n  - {name: down, probes: {name: b}, when: {failures: 3}}\n");
        write("conf/3.yml", "routes:\n  - {channels: [log, lgo]}\n");

        assertThat(lines(read("conf")))
                .containsExactly(
                        "conf/2.yml:2:5: rules[0]: rule \"down\": there is no probe \"b\"; did you mean \"a\"?",
                        "conf/3.yml:2:16: routes[0].channels: there is no channel \"lgo\"; did you mean \"log\"?");
    }

    @Test
    void theProblemsOfAllPartsAreToldAtOnceAndWithoutConsequences() throws IOException {
        write(
                "f.yml",
                """
                server: {listen: nowhere}
                location: d c
                defaults: {interval: 1ms}
                probes:
                  - {name: a, type: tcp, target: "127.0.0.1"}
                rules:
                  - {name: down, probes: {name: a}, when: {failures: 0}}
                  - {name: dwon, probes: {name: a}, when: {failures: 1}}
                channels:
                  - {name: hook, type: webhook, url: "${env:HOOK}"}
                  - {name: chat, type: slack}
                routes:
                  - {channels: [hook, chat]}
                  - {match: {rule: dawn}, channels: [hook]}
                """);

        assertThat(lines(read("f.yml"))).containsExactly("f.yml:1:18: server.listen: expected host:port, found \"nowhere\"",
"f.yml:2:11: location: expected a name (letters, digits, '.', '_' and '-', at most 100), found \"d c\"",
"f.yml:3:22: defaults.interval: expected a duration from 1s to 1d (as 30s, 5m, 1h30m), found \"1ms\"",
"f.yml:5:34: probes[0].target: expected host:port, or unix:/path of a socket, found \"127.0.0.1\"",
"f.yml:7:54: rules[0].when.failures: expected a whole number from 1 to 1000, found \"0\"",
"f.yml:10:38: channels[0].url: environment variable HOOK is not set",
"f.yml:11:5: channels[1]: one of webhook_url (an incoming webhook) and token with channel (a bot) is needed",
"f.yml:14:5: warning: routes[1]: this route is never reached: an earlier one takes every alert; move it up, or add continue: true there",
"f.yml:14:13: routes[1].match: there is no rule \"dawn\"; did you mean \"down\"?");
    }

    @Test
    void aRuleMayNameAProbeThatIsSwitchedOff() throws IOException {
        write(
                "f.yml",
                PROBE + "  - {name: b, type: tcp, target: \"127.0.0.1:1\", enabled: false}\n"
                        + "rules:\n  - {name: down, probes: {name: b}, when: {failures: 3}}\n"
                        + "channels: [{name: log, type: log}]\nroutes: [{channels: [log]}]\n");

        Configuration.Attempt attempt = read("f.yml");

        assertThat(lines(attempt)).isEmpty();
        assertThat(attempt.configuration().orElseThrow().plan().probes().keySet().stream().map(s -> s.probe()))
                .containsExactly("a");
    }

    @Test
    void aConfigurationThatIsRefusedSaysWhatToWatchForItsMending() throws IOException {
        write("f.yml", PROBE + "channels:\n  - {name: chat, type: slack, webhook_url: \"${file:secret}\"}\n");

        Configuration.Attempt attempt = read("f.yml");

        assertThat(attempt.configuration()).isEmpty();
        assertThat(attempt.sources().changed()).isFalse();
        write("secret", "https://hooks.slack.example/services/x");
        assertThat(attempt.sources().changed()).isTrue();
        assertThat(read("f.yml").configuration()).isPresent();
    }

    @Test
    void probesThatStayTheSameKeepTheirFingerprint() throws IOException {
        environment.put("PORT", "1");
        String text = "probes:\n  - {name: a, type: tcp, target: \"127.0.0.1:${env:PORT}\"}\n  - {name: b, type: tcp, target: \"127.0.0.1:2\"}\n";
        write("f.yml", text);
        List<String> before = fingerprints();
        write("f.yml", "# a remark\nlocation: elsewhere\n" + text);
        List<String> same = fingerprints();
        environment.put("PORT", "3");
        List<String> after = fingerprints();

        assertThat(same).isEqualTo(before);
        assertThat(after.get(0)).isNotEqualTo(before.get(0));
        assertThat(after.get(1)).isEqualTo(before.get(1));
    }

    @Test
    @Timeout(60)
    void thousandsOfProbesAreReadInSeconds() throws IOException {
        var text = new StringBuilder("probes:\n");
        for (int i = 0; i < 20_000; i++) {
            text.append("  - {name: p").append(i).append(", type: tcp, target: \"127.0.0.1:1\"}\n");
        }
        write("f.yml", text.toString());

        try (Configuration c = read("f.yml").configuration().orElseThrow()) {
            assertThat(c.plan().probes()).hasSize(20_000);
        }
    }

    private List<String> fingerprints() {
        try (Configuration c = read("f.yml").configuration().orElseThrow()) {
            return c.plan().probes().values().stream().map(ProbeSpec::fingerprint).toList();
        }
    }

    private Configuration.Attempt read(String name) {
        return Configuration.read(List.of(folder.resolve(name)), environment);
    }

    private List<String> lines(Configuration.Attempt attempt) {
        return attempt.lines().stream().map(l -> l.replace(folder + "/", "")).toList();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
