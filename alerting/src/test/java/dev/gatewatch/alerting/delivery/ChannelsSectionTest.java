package dev.gatewatch.alerting.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelMemory;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.kit.Sections;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChannelsSectionTest {
    private final ChannelsSection section = ChannelsSection.installed();
    private final Problems problems = new Problems();

    private Optional<List<ChannelSpec>> read(Object channels) {
        return section.read(Sections.node("channels", channels), new Reading(problems, Path.of("")));
    }

    private List<String> told() {
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void theChannelsOfTheDocumentedSampleAreRead() {
        List<ChannelSpec> specs = read(List.of(
                        Map.of("name", "ops", "type", "slack", "webhook_url", "https://hooks.slack.com/services/T/B/X"),
                        Map.of("name", "am", "type", "alertmanager", "urls", List.of("http://127.0.0.1:9093")),
                        Map.of("name", "hook", "type", "webhook", "url", "https://hook.example.com/x"),
                        Map.of("name", "journal", "type", "log")))
                .orElseThrow(() -> new AssertionError(told()));

        assertThat(specs).extracting(ChannelSpec::toString).containsExactly("ops (slack)", "am (alertmanager)", "hook (webhook)", "journal (log)");
        List<NamedChannel> channels = specs.stream()
                .map(spec -> spec.create(
                        "dc1", Optional.of(URI.create("https://watch.example.com")), ChannelMemory.inMemory()))
                .toList();
        assertThat(channels).extracting(NamedChannel::name).containsExactly("ops", "am", "hook", "journal");
        assertThat(channels.get(0).channel()).isInstanceOf(Channel.Messenger.class);
        assertThat(channels.get(1).channel()).isInstanceOf(Channel.Mirror.class);
        channels.forEach(channel -> channel.channel().close());
    }

    @Test
    void allMistakesAreToldAtOnceWithAHint() {
        assertThat(read(List.of(
                        Map.of("name", "ops", "type", "slak"),
                        Map.of("name", "ops", "type", "log"),
                        Map.of("name", "hook", "type", "webhook", "urll", "https://hook.example.com/x"),
                        Map.of("type", "log"),
                        Map.of("name", "none"),
                        "text")))
                .isEmpty();

        assertThat(told())
                .anyMatch(p -> p.contains("channels[0].type: no type of channel is called \"slak\"; did you mean \"slack\"?"))
                .anyMatch(p -> p.contains("channels[1].name: another channel is called \"ops\" already"))
                .anyMatch(p -> p.contains("unknown key \"urll\"; did you mean \"url\"?"))
                .anyMatch(p -> p.contains("channels[2]: missing key \"url\""))
                .anyMatch(p -> p.contains("channels[3]: missing key \"name\""))
                .anyMatch(p -> p.contains("channels[4]: missing key \"type\" (one of alertmanager, "))
                .anyMatch(p -> p.contains("channels[5]: expected a channel"));
    }

    @Test
    void somethingElseThanAListIsAProblem() {
        assertThat(read(Map.of("ops", Map.of("type", "log")))).isEmpty();
        assertThat(told()).singleElement().asString().contains("expected a list of channels, found a mapping");
    }

    @Test
    void problemsThatSeveralKeysShowAreToldWhileReading() {
        assertThat(read(List.of(Map.of(
                        "name", "am",
                        "type", "alertmanager",
                        "urls", "http://127.0.0.1:9093",
                        "bearer_token", "token",
                        "basic_auth", Map.of("username", "u", "password", "p")))))
                .isEmpty();
        assertThat(told()).singleElement().asString().contains("cannot go together");
    }

    @Test
    void editorsAreToldTheKeysOfEachType() {
        JsonNode schema = JsonMapper.shared().valueToTree(section.jsonSchema());

        assertThat(schema.path("type").asString()).isEqualTo("array");
        JsonNode forms = schema.path("items").path("oneOf");
        assertThat(forms.size()).isEqualTo(section.types().size()).isGreaterThan(3);
        for (JsonNode form : forms) {
            assertThat(form.path("properties").path("type").path("const").asString()).isNotEmpty();
            assertThat(form.path("required").toString()).contains("\"name\"", "\"type\"");
            assertThat(form.path("additionalProperties").asBoolean(true)).isFalse();
        }
    }
}
