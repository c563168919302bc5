package dev.gatewatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ChangeApiTest {
    private final Client client = new Client(
            Client.settings(
                    Client.identity("ada", "operator-secret", Role.OPERATOR), Client.identity("eve", "viewer-secret-1", Role.VIEWER)),
            SampleWorld.incident(new FakeClock()));

    @AfterEach
    void stop() {
        client.close();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return client.sendBody(method, path, body, "Authorization", "Bearer operator-secret");
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    @Test
    void aChangeBeginsAndEndsAndIsShownWithWhatBecameOfEachProbe() throws Exception {
        HttpResponse<String> begun = send("POST", "/api/v1/changes", "{\"id\": \"deploy-42\", \"labels\": {\"team\": \"payments\"}}");
        assertThat(begun.statusCode()).isEqualTo(201);
        assertThat(json(begun).get("state").asString()).isEqualTo("going_on");
        assertThat(json(begun).get("by").asString()).isEqualTo("ada");
        assertThat(json(begun).at("/labels/team").asString()).isEqualTo("payments");

        JsonNode ended = json(send("POST", "/api/v1/changes/deploy-42/end", "{\"watch\": \"5m\"}"));
        assertThat(ended.get("state").asString()).isEqualTo("watched");
        assertThat(ended.get("watchedUntil").asString()).isEqualTo("2026-03-02T12:05:00Z");
        assertThat(ended.get("enoughUntil").asString()).isEqualTo("2026-03-02T12:31:00Z");

        JsonNode shown = json(send("GET", "/api/v1/changes/7f3a", ""));
        assertThat(shown.at("/comparison/verdict").asString()).isEqualTo("worse");
        assertThat(shown.at("/comparison/probes/0/latency/change").asDouble()).isBetween(0.1, 0.3);
        assertThat(json(send("GET", "/api/v1/changes", "")).size()).isEqualTo(2);
    }

    @Test
    void changesOfAProbeAreThoseWhoseLabelsItHas() throws Exception {
        send("POST", "/api/v1/changes", "{\"id\": \"everything\"}");
        send("POST", "/api/v1/changes", "{\"id\": \"in-eu\", \"labels\": {\"probe\": \"checkout\", \"region\": \"eu\"}}");

        assertThat(changesOf("probe=checkout&region=eu")).contains("everything", "in-eu");
        assertThat(changesOf("probe=checkout&region=ap")).contains("everything").doesNotContain("in-eu");
        assertThat(changesOf("probe=checkout")).contains("everything", "in-eu");
        assertThat(changesOf("probe=nobody")).isEmpty();
    }

    @Test
    void whereNobodySaysHowLongAChangeIsWatchedAsLongAsItsProbesNeed() throws Exception {
        send("POST", "/api/v1/changes", "{\"id\": \"deploy-43\"}");

        JsonNode ended = json(send("POST", "/api/v1/changes/deploy-43/end", "{}"));

        assertThat(ended.get("watchedUntil").asString()).isEqualTo("2026-03-02T12:31:00Z").isEqualTo(ended.get("enoughUntil").asString());
    }

    @Test
    void changesSinceAMomentAreThoseThatHadNotEndedThen() throws Exception {
        send("POST", "/api/v1/changes", "{\"id\": \"going-on\"}");

        // 7f3a ended at 11:13
        assertThat(changesOf("since=2026-03-02T11:13:00Z")).containsExactly("going-on", "7f3a");
        assertThat(changesOf("since=45m")).containsExactly("going-on");
        assertThat(changesOf("since=1h&probe=checkout")).containsExactly("going-on");
    }

    private List<String> changesOf(String query) throws Exception {
        return json(send("GET", "/api/v1/changes?" + query, "")).valueStream().map(c -> c.get("id").asString()).toList();
    }

    @Test
    void thePictureIsAnSvgOfTheIntervals() throws Exception {
        HttpResponse<String> picture = send("GET", "/api/v1/changes/7f3a/picture.svg", "");

        assertThat(picture.headers().firstValue("Content-Type")).contains("image/svg+xml");
        assertThat(picture.body()).startsWith("<svg").contains("gateway @eu", "worse: +", "as before").doesNotContain("NaN");
    }

    @Test
    void pagesShowChangesAndEscapeWhatPeopleWrote() throws Exception {
        assertThat(send("GET", "/changes", "").body()).contains("7f3a", "worse", "release 1.8 &lt;b&gt;", "3 min");
        assertThat(send("GET", "/changes/7f3a", "").body())
                .contains("class=\"effects\"", "slower by", "the 30 min after it are compared", "too little data");
        assertThat(send("GET", "/changes/none", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aViewerMarksNothing() throws Exception {
        assertThat(client.sendBody("POST", "/api/v1/changes", "{\"id\": \"x\"}", "Authorization", "Bearer viewer-secret-1").statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST | /api/v1/changes          | {"id": ""}                            | 400 | a change's id has letters
            POST | /api/v1/changes          | {"id": "a", "labels": ["x"]}          | 400 | labels should be an object of texts
            POST | /api/v1/changes          | {"name": "a"}                         | 400 | unknown field "name"
            POST | /api/v1/changes/7f3a/end | {"watch": "long"}                     | 400 | watch should be a time as 30s, 10m, 1h; found "long"
            POST | /api/v1/changes/none/end | {}                                    | 404 | there is no change "none"
            GET  | /api/v1/changes/none     | ''                                    | 404 | there is no change "none"
            GET  | /api/v1/changes?region=eu | ''                                   | 400 | probe is missing
            GET  | /api/v1/changes?label=a  | ''                                    | 400 | unknown parameter "label"
            GET  | /api/v1/changes?since=x  | ''                                    | 400 | since should be a time
            """)
    void whatIsWrongIsSaidInWords(String method, String path, String body, int status, String words) throws Exception {
        HttpResponse<String> response = send(method, path, body);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("error").asString()).contains(words);
    }
}
