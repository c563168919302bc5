package dev.gatewatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerSettingsTest {
    private static final Map<String, Object> AUTH = Map.of("username", "ops", "password", "correct horse");

    @Test
    void withoutAnythingWrittenItListensOnLoopback() {
        ServerSettings settings = Sections.read(ServerSettings.SECTION, Map.of());

        assertThat(settings).isEqualTo(ServerSettings.DEFAULT);
        assertThat(settings.listen()).hasToString("127.0.0.1:9780");
        assertThat(settings.loopbackOnly()).isTrue();
    }

    @Test
    void aUserAndTokensAreRead() {
        ServerSettings settings = Sections.read(
                ServerSettings.SECTION,
                Map.of(
                        "listen", "0.0.0.0:80",
                        "external_url", "https://watch.example.com",
                        "auth", AUTH,
                        "tokens",
                                List.of(
                                        Map.of("name", "grafana", "token", "a long token"),
                                        Map.of("name", "ci", "token", "another token", "role", "operator"))));

        assertThat(settings.identities())
                .extracting(i -> i.name() + " " + i.secret().reveal() + " " + i.role())
                .containsExactly(
                        "ops correct horse OPERATOR", "grafana a long token VIEWER", "ci another token OPERATOR");
        assertThat(settings.toString()).doesNotContain("horse", "a long token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:9780", "[::]:9780", "10.0.0.5:9780", "watch.example.com:9780"})
    void listeningBeyondLoopbackWithoutAuthenticationIsRefusedInWords(String listen) {
        assertThat(Sections.problems(ServerSettings.SECTION, Map.of("listen", listen)))
                .singleElement()
                .asString()
                .contains(
                        "listening on " + listen,
                        "add auth or tokens",
                        "allow_unauthenticated: yes-anyone-may-read-and-silence");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9780", "127.8.8.8:0", "[::1]:9780", "localhost:80"})
    void loopbackNeedsNoAuthentication(String listen) {
        assertThat(Sections.problems(ServerSettings.SECTION, Map.of("listen", listen))).isEmpty();
    }

    @Test
    void theWordsOpenTheDoor() {
        assertThat(Sections.problems(
                        ServerSettings.SECTION,
                        Map.of("listen", "0.0.0.0:1", "allow_unauthenticated", "yes-anyone-may-read-and-silence")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "yes", "YES-ANYONE-MAY-READ-AND-SILENCE"})
    void nothingButTheWordsOpensTheDoor(String words) {
        assertThat(Sections.problems(
                        ServerSettings.SECTION, Map.of("listen", "0.0.0.0:1", "allow_unauthenticated", words)))
                .isNotEmpty();
    }

    @Test
    void aSecretThatIsSoonGuessedIsRefusedWithoutShowingIt() {
        assertThat(Sections.problems(
                        ServerSettings.SECTION, Map.of("auth", Map.of("username", "ops", "password", "hunter2"))))
                .singleElement()
                .asString()
                .contains("\"ops\" is shorter than 8 characters")
                .doesNotContain("hunter2");
    }

    @Test
    void twoIdentitiesOfOneNameAreRefused() {
        assertThat(Sections.problems(
                        ServerSettings.SECTION,
                        Map.of("auth", AUTH, "tokens", List.of(Map.of("name", "ops", "token", "long enough")))))
                .singleElement()
                .asString()
                .contains("two identities are named \"ops\"");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,true", "LOCALHOST,true", "a.localhost,true", "127.0.0.1,true", "127.255.1.1,true", "::1,true",
        "0.0.0.0,false", "::,false", "10.0.0.1,false", "localhost.example.com,false", "127.0.0.1.example.com,false"
    })
    void onlyThisMachineIsLoopback(String host, boolean loopback) {
        assertThat(Hosts.isLoopback(host)).isEqualTo(loopback);
    }
}
