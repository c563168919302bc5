package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.config.ConfigFiles;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProbesSectionTest {
    @TempDir
    Path folder;

    private final Problems problems = new Problems();
    private final Map<String, String> environment = new HashMap<>();
    private final List<Probe> made = new ArrayList<>();
    private ProbeDefaults defaults = ProbeDefaults.BUILT_IN;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(folder.resolve("ca.pem"), "one");
    }

    @Test
    void aProbeTakesWhatItDoesNotSayFromTheDefaults() throws IOException {
        defaults = defaults("{interval: 20s, timeout: 2s, labels: {team: core, service: all}}");

        ProbeSpec spec = only("- {name: a, type: echo, url: 'echo:1', labels: {service: own}}");

        assertThat(spec.series().toString()).isEqualTo("Series[probe=a, region=, location=dc1]");
        assertThat(spec.interval()).hasSeconds(20);
        assertThat(spec.timeout()).hasSeconds(2);
        assertThat(spec.labels().toString()).isEqualTo("{team=core, service=own}");
        assertThat(spec.probe().target()).isEqualTo("echo:1");
    }

    @Test
    void theDefaultTimeoutIsNeverLongerThanTheInterval() throws IOException {
        assertThat(only("- {name: a, type: echo, url: 'echo:1', interval: 1s}").timeout())
                .hasSeconds(1);
    }

    @Test
    void regionsMakeOneProbeEach() throws IOException {
        List<ProbeSpec> specs = specs(
                """
                - name: checkout
                  type: echo
                  status: 200
                  regions:
                    eu: echo:eu
                    ap: {url: echo:ap, status: 204}
                """);

        assertThat(specs.stream().map(s -> s.series().display() + " " + s.probe().target()))
                .containsExactly("checkout@eu echo:eu 200", "checkout@ap echo:ap 204");
        assertThat(specs.stream().map(ProbeSpec::fingerprint)).doesNotHaveDuplicates();
    }

    @Test
    void aProbeFollowsTheDaysOfItsRegionElseItsOwnElseThoseOfTheDefaults() throws IOException {
        String probes =
                """
                - name: checkout
                  type: echo
                  time_zone: Europe/Berlin
                  regions:
                    eu: echo:eu
                    ap: {url: echo:ap, time_zone: Asia/Singapore}
                - {name: own, type: echo, url: 'echo:1'}
                """;

        assertThat(specs(probes).stream().map(s -> s.zone().map(ZoneId::getId).orElse("the machine's")))
                .containsExactly("Europe/Berlin", "Asia/Singapore", "the machine's");
        defaults = defaults("{time_zone: UTC}");
        assertThat(specs(probes).stream().map(s -> s.zone().map(ZoneId::getId).orElse("the machine's")))
                .containsExactly("Europe/Berlin", "Asia/Singapore", "UTC");
    }

    @Test
    void aProbeThatIsSwitchedOffIsCheckedButDoesNotRun() throws IOException {
        ConfiguredProbes probes = read("- {name: a, type: echo, url: 'echo:1', enabled: false}").orElseThrow();

        assertThat(probes.enabled()).isEmpty();
        assertThat(probes.disabled().stream().map(s -> s.series().probe())).containsExactly("a");

        assertThat(read("- {name: a, type: echo, enabled: false}")).isEmpty();
    }

    @Test
    void theFingerprintIsTheSameForTheSameConfigurationHoweverItIsWritten() throws IOException {
        String fingerprint = only("- {name: a, type: echo, url: 'echo:1', labels: {x: 1, y: 2}}").fingerprint();

        assertThat(List.of(
                        only("- {name: a, type: echo, labels: {y: 2, x: '1'}, url: echo:1}").fingerprint(),
                        only("# moved\n- type: echo\n  name: a\n  interval: 30s\n  timeout: 5s\n  url: echo:1\n  labels: {x: 1, y: 2}")
                                .fingerprint()))
                .containsOnly(fingerprint);
    }

    @Test
    void theFingerprintChangesWithEverythingThatMatters() throws IOException {
        environment.put("TOKEN", "one");
        String base = "- {name: a, type: echo, url: 'echo:1', token: '${env:TOKEN}', trust: ca.pem%s}";
        var seen = new ArrayList<String>();
        for (String more : List.of(
                "", ", interval: 10s", ", timeout: 1s", ", labels: {x: 1}", ", labels: {x: 2}", ", status: 200")) {
            seen.add(only(base.formatted(more)).fingerprint());
        }
        environment.put("TOKEN", "two");
        seen.add(only(base.formatted("")).fingerprint());
        Files.writeString(folder.resolve("ca.pem"), "two");
        seen.add(only(base.formatted("")).fingerprint());

        assertThat(seen).doesNotHaveDuplicates().hasSize(8);
    }

    @Test
    void everyProbeThatWasMadeIsHandedOverEvenWhenTheConfigurationIsRefused() throws IOException {
        assertThat(read("- {name: a, type: echo, url: 'echo:1'}\n- {name: b, type: ehco}")).isEmpty();

        assertThat(made).hasSize(1);
    }

    @Test
    void aTypeMayNotTakeAKeyThatAllProbesHave() {
        var greedy = new Echo() {
            @Override
            public List<Key<?>> keys() {
                return List.of(Key.required("interval", Types.text(), "Mine."));
            }
        };

        assertThatThrownBy(() -> new ProbesSection(List.of(greedy), "dc1", defaults, made::add))
                .hasMessage("probe type echo has a key that all probes have: interval");
    }

    /** What the probes list says and the exact lines that its author sees. */
    record Mistake(String name, String yaml, List<String> lines) {
        static Mistake of(String name, String yaml, String... lines) {
            return new Mistake(name, yaml, List.of(lines));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mistake> mistakes() {
        return List.of(
                Mistake.of("no list", "{a: 1}", "f.yml:2:2: probes: expected a list of probes, found a mapping"),
                Mistake.of("no mapping", "- a", "f.yml:2:4: probes[0]: expected a probe (name, type, …), found text"),
                Mistake.of("no type", "- {name: a}", "f.yml:2:4: probes[0]: missing key \"type\" (one of echo)"),
                Mistake.of("unknown type", "- {name: a, type: ehco, url: 'echo:1', interval: 0s}", "f.yml:2:20: probes[0].type: no type of probe is called \"ehco\"; did you mean \"echo\"? (known: echo)",
"f.yml:2:51: probes[0].interval: expected a duration from 1s to 1d (as 30s, 5m, 1h30m), found \"0s\""),
                Mistake.of("far from any type", "- {name: a, type: [echo]}\n- {name: b, type: spaceship}", "f.yml:2:20: probes[0].type: expected a type of probe, found a list",
"f.yml:3:20: probes[1].type: no type of probe is called \"spaceship\"; known: echo"),
                Mistake.of("no name", "- {type: echo, url: 'echo:1'}", "f.yml:2:4: probes[0]: missing key \"name\" (a name (letters, digits, '.', '_' and '-', at most 100))"),
                Mistake.of("bad name", "- {name: a b, type: echo, url: 'echo:1'}", "f.yml:2:11: probes[0].name: expected a name (letters, digits, '.', '_' and '-', at most 100), found \"a b\""),
                Mistake.of("unknown key", "- {name: a, type: echo, url: 'echo:1', intervall: 10s, statsu: 1}", "f.yml:2:41: probes[0].intervall: unknown key \"intervall\"; did you mean \"interval\"?",
"f.yml:2:57: probes[0].statsu: unknown key \"statsu\"; did you mean \"status\"?"),
                Mistake.of(
                        "duplicate name",
                        "- {name: a, type: echo, url: 'echo:1'}\n- {name: a, type: echo, url: 'echo:2'}",
                        "f.yml:3:11: probes[1].name: another probe is called \"a\" already, at f.yml:2:11"),
                Mistake.of("bad interval", "- {name: a, type: echo, url: 'echo:1', interval: 10, timeout: 48h}", "f.yml:2:51: probes[0].interval: expected a duration from 1s to 1d (as 30s, 5m, 1h30m), found \"10\"",
"f.yml:2:64: probes[0].timeout: expected a duration from 100ms to 1d (as 30s, 5m, 1h30m), found \"48h\""),
                Mistake.of(
                        "timeout above interval",
                        "- {name: a, type: echo, url: 'echo:1', interval: 5s, timeout: 10s}\n- {name: b, type: echo, url: 'echo:1', timeout: 1m}",
                        "f.yml:2:64: probes[0].timeout: the time-out 10s is longer than the interval 5s",
"f.yml:3:50: probes[1].timeout: the time-out 1m is longer than the interval 30s of the defaults"),
                Mistake.of(
                        "labels",
                        "- name: a\n  type: echo\n  url: echo:1\n  labels: {0x: 1, probe: 2, __me: 3, ok: [1], long: %s}"
                                .formatted("x".repeat(201)),
                        "f.yml:5:13: probes[0].labels.0x: expected a label name (letters, digits and '_', not beginning with a digit), found \"0x\"",
"f.yml:5:20: probes[0].labels.probe: the label name \"probe\" is used by the daemon; choose another",
"f.yml:5:30: probes[0].labels.__me: the label name \"__me\" is reserved by Prometheus; choose another",
"f.yml:5:43: probes[0].labels.ok: expected text, found a list",
"f.yml:5:54: probes[0].labels.long: longer than 200 characters"),
                Mistake.of("label of an info metric", "- {name: a, type: echo, url: 'echo:1', labels: {version: 2}}", "f.yml:2:50: probes[0].labels.version: the label name \"version\" is used by the metric probe_echo_info; choose another"),
                Mistake.of("url beside regions", "- {name: a, type: echo, url: 'echo:1', regions: {eu: 'echo:2'}}", "f.yml:2:26: probes[0].url: \"url\" makes no sense beside \"regions\", which say it for each region; remove one of them"),
                Mistake.of("neither url nor regions", "- {name: a, type: echo}", "f.yml:2:4: probes[0]: missing key \"url\" (an echo:NAME)"),
                Mistake.of("no regions", "- {name: a, type: echo, regions: {}}\n- {name: b, type: echo, regions: eu}", "f.yml:2:35: probes[0].regions: expected a mapping of region names to url, found none",
"f.yml:3:35: probes[1].regions: expected a mapping of region names to url, found text"),
                Mistake.of(
                        "mistakes in regions",
                        """
                        - name: a
                          type: echo
                          regions:
                            eu: nonsense
                            a p: echo:1
                            us: {status: 200}
                            me: {url: echo:1, statsu: 200}
                            sa: {url: echo:1, interval: 1s}
                            af: {url: echo:1, status: high}
                        """,
                        "f.yml:5:10: probes[0].regions.eu: expected an echo:NAME, found \"nonsense\"",
"f.yml:6:6: probes[0].regions.a p: expected a name (letters, digits, '.', '_' and '-', at most 100), found \"a p\"",
"f.yml:7:10: probes[0].regions.us: missing key \"url\" (an echo:NAME)",
"f.yml:8:24: probes[0].regions.me.statsu: unknown key \"statsu\"; did you mean \"status\"?",
"f.yml:9:24: probes[0].regions.sa.interval: \"interval\" is the same in all regions; write it beside \"regions\"",
"f.yml:10:32: probes[0].regions.af.status: expected a whole number from 100 to 599, found \"high\""),
                Mistake.of(
                        "what all regions share is told once",
                        "- {name: a, type: echo, status: x, colour: 1, regions: {eu: 'echo:1', ap: 'echo:2'}}",
                        "f.yml:2:34: probes[0].status: expected a whole number from 100 to 599, found \"x\"",
"f.yml:2:37: probes[0].colour: unknown key \"colour\"; known here: name, enabled, interval, timeout, labels, time_zone, depends_on, regions, type, url, status, strict, trust, token"),
                Mistake.of("what only the type knows", "- {name: a, type: echo, url: 'echo:1', status: 200, strict: true}", "f.yml:2:49: probes[0].status: makes no sense with strict"),
                Mistake.of("missing file", "- {name: a, type: echo, url: 'echo:1', trust: ca-bundle.pem}", "f.yml:2:48: probes[0].trust: no such file: ca-bundle.pem"),
                Mistake.of("missing secret", "- {name: a, type: echo, url: 'echo:1', token: '${env:TOKEN}'}", "f.yml:2:48: probes[0].token: environment variable TOKEN is not set"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesAreToldWithTheirPlace(Mistake mistake) throws IOException {
        read(mistake.yaml());

        assertThat(problems.errors()).isPositive();
        assertThat(lines()).containsExactlyElementsOf(mistake.lines());
    }

    @Test
    void theTimeoutOfTheDefaultsMustFitTheirInterval() throws IOException {
        defaults("{interval: 5s, timeout: 10s}");

        assertThat(lines())
                .containsExactly("f.yml:1:35: defaults.timeout: the time-out 10s is longer than the interval 5s");
    }

    private ProbeDefaults defaults(String yaml) throws IOException {
        Files.writeString(folder.resolve("f.yml"), "defaults: " + yaml);
        var loaded = ConfigFiles.read(List.of(folder.resolve("f.yml")), Set.of(), environment, problems);
        return ProbeDefaults.TYPE
                .read(loaded.root().orElseThrow().fields().get("defaults"), new Reading(problems, folder))
                .orElse(ProbeDefaults.BUILT_IN);
    }

    private Optional<ConfiguredProbes> read(String list) throws IOException {
        Files.writeString(folder.resolve("f.yml"), "probes:\n" + list.indent(1));
        var loaded = ConfigFiles.read(List.of(folder.resolve("f.yml")), Set.of("probes"), environment, problems);
        var reading = new Reading(problems, loaded.baseDirectory(), loaded.sources());
        return new ProbesSection(List.of(new Echo()), "dc1", defaults, made::add)
                .read(loaded.root().orElseThrow(() -> new AssertionError(lines())).fields().get("probes"), reading);
    }

    private List<ProbeSpec> specs(String list) throws IOException {
        return read(list).orElseThrow(() -> new AssertionError(lines())).enabled();
    }

    private ProbeSpec only(String list) throws IOException {
        List<ProbeSpec> specs = specs(list);
        assertThat(specs).hasSize(1);
        return specs.getFirst();
    }

    private List<String> lines() {
        return problems.list().stream()
                .map(p -> p.toString().replace(folder + "/", ""))
                .toList();
    }

    /** A type with a key of every sort. */
    static class Echo implements ProbeType {
        private static final Key<String> URL =
                Key.required("url", Types.text("an echo:NAME", "echo:[a-z0-9]+"), "Where to call.");
        private static final Key<Integer> STATUS = Key.optional("status", Types.integer(100, 599), "What to expect.");
        private static final Key<Boolean> STRICT =
                Key.withDefault("strict", Types.bool(), false, "false", "Expects nothing.");
        private static final Key<Path> TRUST = Key.optional("trust", Types.readableFile(), "Whom to trust.");
        private static final Key<Secret> TOKEN = Key.optional("token", Types.secret(), "What to show.");

        @Override
        public String name() {
            return "echo";
        }

        @Override
        public String description() {
            return "Calls and listens.";
        }

        @Override
        public List<Key<?>> keys() {
            return List.of(URL, STATUS, STRICT, TRUST, TOKEN);
        }

        @Override
        public Key<?> endpoint() {
            return URL;
        }

        @Override
        public List<FactSpec> facts() {
            return List.of(FactSpec.info("version", "probe_echo_info", "version", "The version."));
        }

        @Override
        public List<String> phases() {
            return List.of("call");
        }

        @Override
        public Optional<String> phaseMetric() {
            return Optional.empty();
        }

        @Override
        public Probe create(Section section) {
            if (section.get(STRICT) && section.has(STATUS)) {
                section.problem(STATUS, "makes no sense with strict");
            }
            String target = section.get(URL) + section.find(STATUS).map(s -> " " + s).orElse("");
            return new Probe() {
                @Override
                public String target() {
                    return target;
                }

                @Override
                public Report run(Run run) {
                    return Report.builder().build();
                }
            };
        }
    }
}
