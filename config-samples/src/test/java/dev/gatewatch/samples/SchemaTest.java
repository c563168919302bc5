package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.gatewatch.daemon.ConfigSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published JSON Schema is the code's, takes what the daemon takes, and shows an editor's user most of what it refuses. */
final class SchemaTest {
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ConfigSchema.text(), InputFormat.JSON);

    static List<Path> workingFiles() {
        return Samples.working().stream()
                .flatMap(s -> Samples.files(s).stream())
                // merge keys ("<<") are resolved by editors and by the daemon, not by this validator's parser
                .filter(f -> !f.endsWith("30-bank.yaml"))
                .toList();
    }

    @Test
    void thePublishedCopyIsTheCodes() throws IOException {
        Documents.hold("gatewatch.schema.json", ConfigSchema.text());
    }

    @ParameterizedTest
    @MethodSource("workingFiles")
    void aWorkingSampleFits(Path file) throws IOException {
        assertThat(errors(file)).isEmpty();
    }

    @Test
    void anEditorPointsAtTheMistakesThatASchemaCanSee() throws IOException {
        var seen = new TreeMap<String, List<String>>();
        for (String name : List.of(
                "bad-duration",
                "open-to-everyone",
                "region-and-url",
                "two-conditions",
                "unknown-key",
                "unknown-type",
                "wrong-type")) {
            seen.put(
                    name,
                    errors(Path.of("broken", name + ".yml")).stream()
                            .map(e -> e.getInstanceLocation().toString())
                            .distinct()
                            .sorted()
                            .toList());
        }

        assertThat(seen)
                .isEqualTo(new TreeMap<>(Map.of(
                        "bad-duration", List.of("/probes/0/timeout", "/probes/1/expect/latency"),
                        "open-to-everyone", List.of(),
                        "region-and-url", List.of("/probes/0/url"),
                        "two-conditions", List.of(),
                        "unknown-key", List.of("", "/probes/0", "/probes/0/expect"),
                        "unknown-type", List.of("/channels/0/type", "/probes/0/type", "/probes/1/type", "/probes/2"),
                        "wrong-type", List.of("/channels/0", "/probes", "/rules/0/severity", "/rules/0/when/failures", "/server"))));
    }

    private static List<Error> errors(Path file) throws IOException {
        return SCHEMA.validate(Files.readString(file, StandardCharsets.UTF_8), InputFormat.YAML);
    }
}
