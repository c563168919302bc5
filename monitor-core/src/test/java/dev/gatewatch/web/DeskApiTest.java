package dev.gatewatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DeskApiTest {
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
    void whoAcknowledgesIsTheOneWhoAsksUnlessTheySayOtherwise() throws Exception {
        JsonNode own = json(send("POST", "/api/v1/alerts/7f3a/acknowledgement", ""));
        assertThat(own.get("by").asString()).isEqualTo("ada");
        assertThat(send("DELETE", "/api/v1/alerts/7f3a/acknowledgement", "").statusCode()).isEqualTo(204);

        JsonNode other = json(send("POST", "/api/v1/alerts/7f3a/acknowledgement", "{\"by\": \"bob\", \"comment\": \"on it\"}"));
        assertThat(other.get("by").asString()).isEqualTo("bob");
        assertThat(other.get("comment").asString()).isEqualTo("on it");
    }

    @Test
    void aSilenceLastsTwoHoursUnlessToldOtherwise() throws Exception {
        HttpResponse<String> made = send("POST", "/api/v1/silences", "{\"matchers\": [\"probe=gateway\"], \"comment\": \"deploy\"}");

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(json(made).get("state").asString()).isEqualTo("active");
        assertThat(json(made).get("startsAt").asString()).isEqualTo("2026-03-02T12:00:00Z");
        assertThat(json(made).get("endsAt").asString()).isEqualTo("2026-03-02T14:00:00Z");
        assertThat(json(made).get("by").asString()).isEqualTo("ada");
        String id = json(made).get("id").asString();
        assertThat(json(send("DELETE", "/api/v1/silences/" + id, "")).get("state").asString()).isEqualTo("expired");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | /api/v1/silences                          | {"matchers": "probe=a"}                 | 400 | matchers should be a list of texts
            POST   | /api/v1/silences                          | {"matchers": []}                        | 400 | would silence everything
            POST   | /api/v1/silences                          | {"matcher": ["a=b"]}                    | 400 | unknown field "matcher"; known here: matchers,
            POST   | /api/v1/silences                          | {"matchers": ["a=b"], "duration": "2x"} | 400 | duration should be a time as 30m, 2h, 1d; found "2x"
            POST   | /api/v1/silences                          | {"endsAt": "tomorrow"}                  | 400 | endsAt should be a time as 2026
            POST   | /api/v1/silences                          | [1]                                     | 400 | should be a JSON object
            POST   | /api/v1/silences                          | {"matchers                              | 400 | the body is not JSON
            DELETE | /api/v1/silences/s99                      | ''                                      | 404 | no silence "s99"
            POST   | /api/v1/alerts/none/acknowledgement       | {}                                      | 404 | no alert "none" is open
            DELETE | /api/v1/alerts/none/acknowledgement       | ''                                      | 404 | no open alert "none" is acknowledged
            POST   | /api/v1/channels/nowhere/test             | ''                                      | 404 | there is no channel "nowhere"
            POST   | /api/v1/notices/x/revive                  | ''                                      | 400 | the notice should be a number
            POST   | /api/v1/notices/1/revive                  | ''                                      | 404 | no notice 1 was given up
            POST   | /api/v1/inbound/alertmanager              | {}                                      | 400 | it has no alerts
            """)
    void whatIsWrongIsSaidInWords(String method, String path, String body, int status, String words) throws Exception {
        HttpResponse<String> response = send(method, path, body);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("error").asString()).contains(words);
    }

    @Test
    void aViewerLooksAndDoesNotTouch() throws Exception {
        String viewer = "Bearer viewer-secret-1";
        assertThat(client.get("/api/v1/silences", "Authorization", viewer).statusCode()).isEqualTo(200);
        assertThat(client.get("/api/v1/maintenance", "Authorization", viewer).body()).contains("nightly");
        for (String path : new String[] {"silences", "alerts/7f3a/acknowledgement", "channels/ops/test", "inbound/alertmanager"}) {
            assertThat(client.sendBody("POST", "/api/v1/" + path, "{}", "Authorization", viewer).statusCode())
                    .as(path)
                    .isEqualTo(403);
            assertThat(client.sendBody("POST", "/api/v1/" + path, "{}").statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void anotherAlertmanagerMayTellOfManyAlertsAtOnce() throws Exception {
        String large = "{\"alerts\": \"" + "x".repeat(900_000) + "\"}";
        assertThat(json(send("POST", "/api/v1/inbound/alertmanager", large)).get("alerts").asInt()).isEqualTo(1);
    }

    @Test
    void aLargeBodyIsRefusedBeforeItIsRead() throws Exception {
        assertThat(announcing("/api/v1/silences", 100_000)).contains(" 413 ");
        assertThat(announcing("/api/v1/inbound/alertmanager", 1_100_000)).contains(" 413 ");
    }

    /** What a body of this size is answered with before it is sent. */
    private String announcing(String path, int bytes) throws Exception {
        return client.raw("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer operator-secret\r\nContent-Length: " + bytes
                + "\r\n\r\n");
    }

    @Test
    void aChannelIsTestedAndADeadNoticeRevived() throws Exception {
        JsonNode test = json(send("POST", "/api/v1/channels/ops/test", ""));
        assertThat(test.get("delivered").asBoolean()).isTrue();
        assertThat(send("POST", "/api/v1/notices/18/revive", "").statusCode()).isEqualTo(204);
    }
}
