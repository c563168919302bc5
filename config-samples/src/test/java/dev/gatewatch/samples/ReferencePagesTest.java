package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.daemon.ConfigSchema;
import dev.gatewatch.engine.ProbesSection;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.ProbeType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference pages say what the code says. */
final class ReferencePagesTest {
    private static final Map<?, ?> ROOT = (Map<?, ?>) ConfigSchema.tree().get("properties");
    /** Those whose items are of several types: their keys stand by type. */
    private static final List<String> TYPED = List.of("probes", "channels");

    static List<ProbeType> probeTypes() {
        return ProbesSection.installedTypes().stream()
                .sorted(Comparator.comparing(ProbeType::name))
                .toList();
    }

    @Test
    void theRootKeysAreTheCodes() throws IOException {
        Documents.holdPart(
                "configuration.md", "root", KeyTable.of(rootWithoutNesting(), "", List.of()));
    }

    static List<String> sections() {
        return ROOT.keySet().stream()
                .map(Object::toString)
                // a value has no keys of its own
                .filter(name -> !TYPED.contains(name) && !Set.of("location", "modules_file").contains(name))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("sections")
    void aSectionsKeysAreTheCodes(String name) throws IOException {
        Map<?, ?> section = (Map<?, ?>) ROOT.get(name);
        // a list's keys are those of its items, a mapping's with free names those of its values
        Map<?, ?> keys = section.get("items") instanceof Map<?, ?> items
                ? items
                : section.get("additionalProperties") instanceof Map<?, ?> values ? values : section;
        Documents.holdPart("configuration.md", name, KeyTable.of(keys, "", List.of()));
    }

    @Test
    void theKeysOfEveryProbeAreTheCodes() throws IOException {
        Map<?, ?> item = (Map<?, ?>) ((Map<?, ?>) ROOT.get("probes")).get("items");
        String types = probeTypes().stream()
                .map(t -> "| [`%s`](probes/%s.md) | %s |\n".formatted(t.name(), t.name(), KeyTable.cell(t.description())))
                .collect(Collectors.joining());
        Documents.holdPart(
                "configuration.md",
                "probes",
                KeyTable.of(item, "", List.of()) + "\n| Type | What it does |\n|---|---|\n" + types);
    }

    @Test
    void theKeysOfEveryChannelTypeAreTheCodes() throws IOException {
        String text = ServiceLoader.load(ChannelType.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(ChannelType::name))
                .map(t -> "### type: " + t.name() + "\n\n" + t.description() + "\n\n" + table(t.keys()) + "\n")
                .collect(Collectors.joining());
        Documents.holdPart("configuration.md", "channels", text.isEmpty() ? "" : text);
    }

    @ParameterizedTest
    @MethodSource("probeTypes")
    void theTypesPageIsTheCodes(ProbeType type) throws IOException {
        Documents.hold("probes/" + type.name() + ".md", page(type));
    }

    @Test
    void everyPageBelongsToAType() throws IOException {
        try (Stream<java.nio.file.Path> pages = Files.list(Documents.folder().resolve("probes"))) {
            assertThat(pages.map(p -> p.getFileName().toString())
                            .filter(page -> !page.equals("index.md"))
                            .sorted())
                    .containsExactlyElementsOf(
                            probeTypes().stream().map(t -> t.name() + ".md").toList());
        }
    }

    @Test
    void theCausesAreTheCodes() throws IOException {
        var text = new StringBuilder(
                """
                # Causes

                <!-- generated from the code; mvn -B -pl config-samples -am verify -Dupdate.docs=true rewrites this page -->

                Every run that does not pass, and every alert, has one cause of this closed list. `own_side` goes with the outcome
                `broken`: it says that our side failed, never the target.
                """);
        for (CauseClass of : CauseClass.values()) {
            text.append("\n## ").append(of.code()).append("\n\n| Cause | Meaning | What to do |\n|---|---|---|\n");
            Stream.of(Cause.values())
                    .filter(c -> c.causeClass() == of)
                    .forEach(c -> text.append("| `%s` | %s | %s |\n"
                            .formatted(c.code(), KeyTable.cell(c.meaning()), KeyTable.cell(c.remedy()))));
        }
        Documents.hold("causes.md", text.toString());
    }

    private static String page(ProbeType type) {
        var text = new StringBuilder()
                .append("# Probe type `")
                .append(type.name())
                .append("`\n\n<!-- generated from the code; mvn -B -pl config-samples -am verify -Dupdate.docs=true rewrites this page -->\n\n")
                .append(type.description())
                .append("\n\nA sample stands in `config-samples/samples/")
                .append(type.name())
                .append("`. The keys that all probes have stand in [configuration](../configuration.md#probes).\n\n")
                .append("`regions` sets `")
                .append(type.endpoint().name())
                .append("` once for each region.\n\n## Keys\n\n")
                .append(table(type.keys()))
                .append("\n## Phases\n\n")
                .append(type.phases().stream()
                        .map(p -> p.equals("*") ? "one a step" : "`" + p + "`").collect(Collectors.joining(" → ")))
                .append(type.phaseMetric().map(m -> ", in seconds as `" + m + "{phase}`").orElse(""))
                .append("\n\n## Facts\n\n| Fact | Metric | Meaning |\n|---|---|---|\n");
        for (FactSpec fact : type.facts()) {
            text.append("| %s | %s | %s |\n"
                    .formatted(
                            (fact.family()
                                            ? List.of(fact.name() + ".KEY")
                                            : fact.labelFacts().isEmpty() ? List.of(fact.name()) : fact.labelFacts())
                                    .stream().map(f -> "`" + f + "`").collect(Collectors.joining(" ")),
                            fact.metric()
                                    .map(m -> "`" + m + (fact.labels().isEmpty() ? "" : "{" + String.join(", ", fact.labels()) + "}") + "`")
                                    .orElse(""),
                            KeyTable.cell(fact.meaning())));
        }
        return text.toString();
    }

    private static String table(List<Key<?>> keys) {
        return KeyTable.of(SectionType.of("any", keys, section -> section).jsonSchema(), "", List.of());
    }

    private static Map<?, ?> rootWithoutNesting() {
        var flat = new java.util.LinkedHashMap<Object, Object>();
        ROOT.forEach((key, value) -> {
            var own = new java.util.LinkedHashMap<>((Map<?, ?>) value);
            own.keySet().retainAll(List.of("title", "description", "default"));
            flat.put(key, own);
        });
        return Map.of("properties", flat);
    }
}
