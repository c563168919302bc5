package dev.gatewatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.gatewatch.kit.FakeClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The description against the answers: neither may say what the other does not. */
final class OpenApiTest {
    private static Client busy;
    private static Client calm;
    private static ObjectNode description;

    @BeforeAll
    static void start() throws Exception {
        busy = new Client(Client.OPEN, SampleWorld.incident(new FakeClock()));
        calm = new Client(Client.OPEN, SampleWorld.calm(new FakeClock()));
        description = (ObjectNode) busy.json("/api/v1/openapi.json");
    }

    @AfterAll
    static void stop() {
        busy.close();
        calm.close();
    }

    @Test
    void theDescriptionNamesItsVersions() {
        assertThat(description.get("openapi").asString()).isEqualTo("3.1.0");
        assertThat(description.at("/info/version").asString()).isEqualTo("0.1.0");
    }

    @Test
    void everyDescribedPathIsServed() throws Exception {
        for (var path : description.get("paths").properties()) {
            for (var method : path.getValue().properties()) {
                String address = path.getKey().replaceAll("\\{[a-z]+}", "7f3a");
                int status = busy.send(method.getKey().toUpperCase(java.util.Locale.ROOT), address)
                        .statusCode();
                assertThat(path.getValue().at("/" + method.getKey() + "/responses").propertyNames())
                        .as(path.getKey())
                        .contains(String.valueOf(status));
                assertThat(status).as(path.getKey()).isNotEqualTo(405);
                if (!path.getKey().contains("{")) {
                    assertThat(status).as(path.getKey()).isNotEqualTo(404);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/probes,/api/v1/probes",
        "/api/v1/results,/api/v1/results?limit=10000",
        "/api/v1/results,/api/v1/results?limit=10000&brief=true",
        "/api/v1/baselines,/api/v1/baselines?probe=checkout",
        "/api/v1/baselines,/api/v1/baselines?probe=checkout&region=ap&since=15m",
        "/api/v1/alerts,/api/v1/alerts",
        "/api/v1/notices,/api/v1/notices",
        "/api/v1/status,/api/v1/status",
        "/api/v1/silences,/api/v1/silences",
        "/api/v1/maintenance,/api/v1/maintenance",
        "/api/v1/changes,/api/v1/changes",
        "/api/v1/changes/{change},/api/v1/changes/7f3a"
    })
    void everyAnswerIsAsDescribed(String path, String request) throws Exception {
        Schema schema = schema("/paths/" + path.replace("/", "~1") + "/get/responses/200/content/application~1json/schema");
        for (Client client : List.of(busy, calm)) {
            JsonNode answer = client.json(request);
            assertThat(schema.validate(answer)).isEmpty();
        }
        assertThat(busy.json(request)).isNotEmpty();
    }

    @Test
    void everyRefusalIsAsDescribed() throws Exception {
        Schema schema = schema("/components/schemas/Error");
        for (String path : List.of("/api/v1/results?limit=0", "/api/v1/nothing")) {
            assertThat(schema.validate(JsonMapper.shared().readTree(busy.get(path).body()))).isEmpty();
        }
    }

    @Test
    void anAnswerThatIsNotAsDescribedIsNoticed() throws Exception {
        Schema schema = schema("/components/schemas/Alert");
        JsonNode alert = busy.json("/api/v1/alerts").get(0);

        assertThat(schema.validate(((ObjectNode) alert.deepCopy()).put("surprise", 1))).isNotEmpty();
        assertThat(schema.validate(((ObjectNode) alert.deepCopy()).without("cause"))).isNotEmpty();
        assertThat(schema.validate(((ObjectNode) alert.deepCopy()).put("state", "asleep"))).isNotEmpty();
    }

    @Test
    void everyFieldIsDescribed() {
        var silent = new ArrayList<String>();
        description.at("/components/schemas").properties().forEach(s -> look(s.getKey(), s.getValue(), silent));
        assertThat(silent).isEmpty();
    }

    private static void look(String name, JsonNode schema, List<String> silent) {
        for (var field : schema.path("properties").properties()) {
            String path = name + "." + field.getKey();
            if (field.getValue().path("description").asString("").isEmpty()) {
                silent.add(path);
            }
            look(path, field.getValue(), silent);
            look(path, field.getValue().path("items"), silent);
        }
    }

    private static Schema schema(String pointer) {
        var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        // the part asked for, with the components beside it, so that its references find them
        var root = JsonMapper.shared().createObjectNode();
        root.put("$id", "https://gatewatch.dev/openapi-part");
        root.set("components", description.get("components"));
        root.putArray("allOf").add(description.at(pointer));
        return registry.getSchema(SchemaLocation.of("https://gatewatch.dev/openapi-part"), root);
    }
}
