package dev.gatewatch.probes.drift;

import static dev.gatewatch.probes.drift.Drifts.config;
import static dev.gatewatch.probes.drift.Drifts.evidence;
import static dev.gatewatch.probes.drift.Drifts.fact;
import static dev.gatewatch.probes.drift.Drifts.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class DriftProbeTest {
    private static final String JSON = "application/json";

    @TempDir
    Path folder;

    private Drifts server;

    @BeforeEach
    void open() throws Exception {
        server = new Drifts();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void versionsThatDifferFromThePinnedOnesAreNamedWithBothValues() throws Exception {
        String url = server.serve("/info", JSON, "{\"java\":{\"version\":\"21.0.1\"},\"driver\":{\"version\":\"42.7\"},\"up\":17}");

        Report report = run("url", url, "reference", Map.of("java", Map.of("version", "25.0.1"), "driver", Map.of("version", 42.7)));

        assertThat(report.cause()).contains(Cause.VERSION_DRIFT);
        assertThat(report.message()).isEqualTo("1 version is not as expected (of 3): java.version is \"21.0.1\", expected \"25.0.1\"");
        assertThat(fact(report, "differing_versions")).isEqualTo(1L);
        assertThat(fact(report, "keys")).isEqualTo(3L);
        assertThat(fact(report, "status")).isEqualTo(200L);
    }

    @Test
    void forbiddenAndRequiredValuesAreConfigDrift() throws Exception {
        String url = server.serve(
                "/env",
                JSON,
                """
                {"spring": {"datasource": {"url": "jdbc:postgresql://localhost/pay"}, "jpa": {"show-sql": true}},
                 "logging": {"level": {"root": "DEBUG"}}, "cache": {"enabled": false}}""");

        Report report = run(
                "url", url,
                "forbid", Map.of("**.url", "localhost|127\\.0\\.0\\.1", "**.show-sql", "true", "logging.level.**", "^(DEBUG|TRACE)$"),
                "require", Map.of("cache.enabled", "^true$", "pool.max", "^[1-9]"));

        assertThat(report.cause()).contains(Cause.CONFIG_DRIFT);
        assertThat(report.message())
                .startsWith("5 settings are not as expected (of 4): logging.level.root is \"DEBUG\", which is forbidden (/^(DEBUG|TRACE)$/);")
                .contains("spring.datasource.url is \"jdbc:postgresql://localhost/pay\", which is forbidden")
                .contains("cache.enabled is \"false\", expected /^true$/");
        assertThat(evidence(report)).contains("pool.max is missing, expected /^[1-9]/", "spring.jpa.show-sql is \"true\", which is forbidden (/true/)");
        assertThat(fact(report, "broken_rules")).isEqualTo(5L);
    }

    @Test
    void twoEnvironmentsAreComparedInBothDirections() throws Exception {
        String production = server.serve("/prod.yml", "application/yaml", "pool: {size: 20}\nlog: WARN\nonly_here: 1\n");
        String staging = server.serve("/staging", JSON, "{\"pool\":{\"size\":5},\"log\":\"WARN\",\"only_there\":2,\"host\":\"s1\"}");

        Report report = run("url", production, "reference_url", staging, "ignore", List.of("host"));

        assertThat(report.cause()).contains(Cause.CONFIG_DRIFT);
        assertThat(report.message())
                .isEqualTo("3 settings are not as expected (of 3): pool.size is \"20\", expected \"5\"; only_there is missing, expected \"2\";"
                        + " only_here is \"1\", and the reference does not have it");
    }

    @Test
    void whatCannotBeHadOfTheReferenceIsToldAsSuch() throws Exception {
        String url = server.serve("/here", JSON, "{\"a\":1}");

        Report report = run("url", url, "reference_url", server.serve("/there", 503, JSON, "{}"));

        assertThat(report.cause()).contains(Cause.SERVER_OVERLOADED);
        assertThat(report.message()).startsWith("the reference http://127.0.0.1:").contains("/there cannot be had: status 503");
        assertThat(evidence(report)).contains("reference: response");
    }

    @Test
    void springsEnvironmentIsReadInItsOrderOfPrecedence() throws Exception {
        String url = server.serve(
                "/actuator/env",
                "application/vnd.spring-boot.actuator.v3+json",
                """
                {"activeProfiles": ["prod"], "propertySources": [
                  {"name": "commandLineArgs", "properties": {"server.port": {"value": "8081"}}},
                  {"name": "systemProperties", "properties": {"java.home": {"value": "/opt/java"}, "spring.jpa.show-sql": {"value": "true"}}},
                  {"name": "systemEnvironment", "properties": {"HOME": {"value": "/root"},
                     "SPRING_DATASOURCE_DRIVERCLASSNAME": {"value": "org.h2.Driver", "origin": "env"}}},
                  {"name": "application.yml", "properties": {"server.port": {"value": 8080}, "spring.jpa.show-sql": {"value": false},
                     "spring.datasource.driver-class-name": {"value": "org.postgresql.Driver"}, "list[0].name": {"value": "x"}}}]}""");

        Report report = run(
                "url", url,
                "reference",
                Map.of(
                        "server", Map.of("port", 8081),
                        "spring", Map.of("jpa", Map.of("show-sql", false), "datasource", Map.of("driver-class-name", "org.postgresql.Driver")),
                        "list", List.of(Map.of("name", "x"))));

        assertThat(report.message())
                .isEqualTo("2 settings are not as expected (of 4): spring.datasource.driver-class-name is \"org.h2.Driver\", expected"
                        + " \"org.postgresql.Driver\"; spring.jpa.show-sql is \"true\", expected \"false\"");
    }

    @Test
    void anEnvironmentThatHidesEveryValueIsNoProofOfAnything() throws Exception {
        String url = server.serve(
                "/actuator/env", JSON, "{\"propertySources\":[{\"name\":\"application.yml\",\"properties\":{\"a\":{\"value\":\"******\"}}}]}");

        Report report = run("url", url, "forbid", Map.of("**", "localhost"));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.message()).contains("hides all 1 values (******)");
    }

    @Test
    void aFileOfPropertiesIsComparedWithAPinnedFile() throws Exception {
        Path live = Files.writeString(folder.resolve("app.properties"), "db.url = jdbc:x\nlevel: WARN\ntabs\\tin = a\\u0041\n");
        Path pinned = Files.writeString(folder.resolve("pinned.yml"), "db: {url: jdbc:x}\nlevel: INFO\n");

        Report report = run("file", live.toString(), "reference", pinned.toString());

        assertThat(report.message()).isEqualTo("1 setting is not as expected (of 3): level is \"WARN\", expected \"INFO\"");
        assertThat(report.facts()).doesNotContainKey("status");
        assertThat(report.phases()).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsDrift() throws Exception {
        Report report = run("file", folder.resolve("gone.json").toString(), "require", "a");

        assertThat(report.cause()).contains(Cause.CONFIG_DRIFT);
        assertThat(report.message()).endsWith("gone.json is not there");
    }

    @Test
    void secretsAreComparedButNeverShownOrKept() throws Exception {
        String before = "{\"db\":{\"password\":\"hunter2-old\"},\"url\":\"postgresql://u:pa55w0rd-x@h/db?token=t0k3n-1\",\"pepper\":\"sauce-1\"}";
        String after = before.replace("hunter2-old", "hunter2-new").replace("t0k3n-1", "t0k3n-2").replace("sauce-1", "sauce-2");
        Memory memory = Memory.fresh();
        Object[] keys = {"url", server.serve("/doc", JSON, before), "reference", "first_seen", "secret_paths", "pepper"};
        run(memory, keys);
        server.serve("/doc", JSON, after);

        Report report = run(memory, keys);

        assertThat(report.cause()).contains(Cause.CONFIG_DRIFT);
        assertThat(report.message())
                .matches(".*db\\.password is sha256:[0-9a-f]{8}, expected sha256:[0-9a-f]{8};.*pepper is sha256:.*")
                .contains("url is \"postgresql://u:<secret>@h/db?token=<secret>\"");
        String kept = IntStream.range(0, 3).mapToObj(i -> memory.get("seen " + i).orElse("")).collect(Collectors.joining());
        for (String secret : List.of("hunter2", "pa55w0rd", "t0k3n", "sauce")) {
            assertThat(report.toString()).doesNotContain(secret);
            assertThat(kept).doesNotContain(secret);
        }
    }

    @Test
    void twoSeriesHashTheSameSecretDifferently() {
        var one = new Shown(new Remembered(Memory.fresh()).salt(), List.of());
        var other = new Shown(new Remembered(Memory.fresh()).salt(), List.of());

        assertThat(one.of("password", "x")).isNotEqualTo(other.of("password", "x"));
        assertThat(one.of("password", "x")).isEqualTo(one.of("password", "x"));
    }

    @Test
    void theFirstSeenDocumentStaysTheReferenceUntilThePinMoves() throws Exception {
        Memory memory = Memory.fresh();
        String url = server.serve("/doc", JSON, "{\"release\":\"1\"}");

        assertThat(run(memory, "url", url, "reference", "first_seen").outcome()).isEqualTo(Outcome.PASS);
        server.serve("/doc", JSON, "{\"release\":\"2\"}");
        Report drifted = run(memory, "url", url, "reference", "first_seen");
        Report still = run(memory, "url", url, "reference", "first_seen");
        Report pinned = run(memory, "url", url, "reference", "first_seen", "pin", "r2");

        assertThat(drifted.message()).contains("release is \"2\", expected \"1\"");
        assertThat(still.cause()).contains(Cause.CONFIG_DRIFT);
        assertThat(pinned.outcome()).isEqualTo(Outcome.PASS);
        assertThat(run(memory, "url", url, "reference", "first_seen", "pin", "r2").outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void comparedWithTheRunBeforeAChangeIsToldOnce() throws Exception {
        Memory memory = Memory.fresh();
        String url = server.serve("/doc", JSON, "{\"a\":1}");

        run(memory, "url", url, "reference", "last_seen");
        server.serve("/doc", JSON, "{\"a\":1,\"b\":2}");

        assertThat(run(memory, "url", url, "reference", "last_seen").message()).contains("b is \"2\", and the reference does not have it");
        assertThat(run(memory, "url", url, "reference", "last_seen").outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aLargeDocumentIsRememberedInFull() throws Exception {
        Memory memory = Memory.fresh();
        String body = IntStream.range(0, 4_000).mapToObj(i -> "\"key.number." + i + "\":\"value " + "v".repeat(40) + i + "\"").collect(Collectors.joining(",", "{", "}"));
        String url = server.serve("/doc", JSON, body);

        run(memory, "url", url, "reference", "first_seen");
        assertThat(run(memory, "url", url, "reference", "first_seen").outcome()).isEqualTo(Outcome.PASS);
        server.serve("/doc", JSON, body.replace("vv3999\"", "vv-changed\""));
        assertThat(run(memory, "url", url, "reference", "first_seen").message()).startsWith("1 setting is not as expected (of 4000): key.number.3999 is");
    }

    static Stream<Arguments> hostile() {
        String laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n" + IntStream.range(0, 12)
                .mapToObj(i -> (char) ('b' + i) + ": &" + (char) ('b' + i) + " [" + ("*" + (char) ('a' + i) + " ,").repeat(8) + "]")
                .collect(Collectors.joining("\n"));
        return Stream.of(
                Arguments.of("application/json", "{\"a\":", Cause.JSON_INVALID, "it is not JSON: it ends too early"),
                Arguments.of("application/json", "[".repeat(100_000), Cause.JSON_INVALID, "it is not JSON"),
                Arguments.of("application/json", "\"text\"", Cause.JSON_INVALID, "it is not a JSON object or array"),
                Arguments.of("application/yaml", "- ".repeat(5_000) + "x", Cause.JSON_INVALID, "nested deeper than 100 levels"),
                Arguments.of("application/yaml", laughs, Cause.BODY_TOO_LARGE, "its aliases make more than 8 MB of it"),
                Arguments.of("application/yaml", "a: *nobody", Cause.JSON_INVALID, "it is not YAML: an alias without its anchor"),
                Arguments.of("application/yaml", "a: [1\nb: {", Cause.JSON_INVALID, "it is not YAML"),
                Arguments.of("application/yaml", "just a sentence", Cause.JSON_INVALID, "it is not YAML of keys and values"),
                Arguments.of("text/x-java-properties", "a = \\u12", Cause.JSON_INVALID, "it is not .properties text"),
                Arguments.of("text/html", "<html></html>", Cause.JSON_INVALID, "its format cannot be told"),
                Arguments.of(
                        "application/json",
                        IntStream.range(0, 6_000).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]")),
                        Cause.BODY_TOO_LARGE,
                        "it has more than 5000 values"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aDocumentThatIsNoneIsToldAsSuch(String type, String body, Cause cause, String words) throws Exception {
        Report report = run("url", server.serve("/doc", type, body), "require", "a");

        assertThat(report.cause()).as(report.message()).contains(cause);
        assertThat(report.message()).startsWith("the document cannot be read: ").contains(words);
        assertThat(report.message()).doesNotContain("\n");
    }

    @Test
    void mergeKeysAliasesAndSeveralDocumentsOfYamlAreUnderstood() throws Exception {
        String url = server.serve("/a.yml", "text/plain", "base: &b {x: 1, y: ~}\nown: {<<: *b, x: 2}\n---\nlate: &l [p, {q: r}]\n");

        Report report = run(
                "url", url,
                "unlisted", true,
                "reference",
                Map.of(
                        "base", Map.of("x", 1, "y", "null"),
                        "own", Map.of("x", 2, "y", "null"),
                        "late", List.of("p", Map.of("q", "r"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @ParameterizedTest
    @CsvSource({
        "spring.datasource.url, spring.datasource.url, true",
        "spring.*.url, spring.datasource.url, true",
        "spring.*, spring.datasource.url, false",
        "spring.**, spring.datasource.url, true",
        "**.url, spring.datasource.url, true",
        "**.url, url, false",
        "**url, url, true",
        "servers[*].name, servers[12].name, true",
        "servers[*].name, servers[1].a.name, false",
        "a+b.c, a+b.c, true",
        "a.c, abc, false",
        "A.b, a.b, false"
    })
    void pathsAreMatchedByStars(String glob, String path, boolean fits) {
        assertThat(PathGlob.of(glob).has(path)).isEqualTo(fits);
    }

    static Stream<Arguments> mistakes() {
        String url = "http://127.0.0.1:1/";
        return Stream.of(
                Arguments.of(config("reference", "first_seen"), "the document is at url or in file; one of them is needed, and not both"),
                Arguments.of(config("url", url), "there is nothing to compare with; one of reference, reference_url, require and forbid is needed"),
                Arguments.of(config("url", url, "reference", "first_sen"), "found \"first_sen\" (did you mean \"first_seen\"?)"),
                Arguments.of(config("url", url, "reference", "pinned.json"), "no such file"),
                Arguments.of(config("url", url, "reference", "first_seen", "reference_url", url), "reference and reference_url say the same thing"),
                Arguments.of(config("url", url, "reference", "last_seen", "pin", "1"), "pin is for reference: first_seen"),
                Arguments.of(config("url", url, "require", "a", "reference_auth", Map.of("bearer", "x")), "reference_auth is for reference_url"),
                Arguments.of(config("url", url, "require", Map.of("a", "(")), "not a regular expression"),
                Arguments.of(config("url", url, "reference_url", url, "connect_to", "127.0.0.1:1"), "connect_to would hold for reference_url too"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldInAPersonsWords(Map<String, Object> config, String problem) {
        assertThat(Sections.problems(new DriftProbeType(), config)).anyMatch(line -> line.contains(problem), problem);
    }

    @Test
    void aReferenceFileThatIsNoDocumentIsToldWhenItIsRead() throws Exception {
        Path file = Files.writeString(folder.resolve("pinned.json"), "{");

        assertThat(Sections.problems(new DriftProbeType(), config("url", "http://127.0.0.1:1/", "reference", file.toString())))
                .anyMatch(line -> line.contains("pinned.json cannot be used as a reference: it is not JSON: it ends too early"));
    }

    @Test
    void aRefusedCredentialIsTheCause() throws Exception {
        Report report = run(
                "url", server.serve("/env", 401, JSON, "{}"), "require", "a", "auth", Map.of("bearer", new Secret("t0k3n-of-ours")));

        assertThat(report.cause()).contains(Cause.CREDENTIAL_REJECTED);
    }
}
