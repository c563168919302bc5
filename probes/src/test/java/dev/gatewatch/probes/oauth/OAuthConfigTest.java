package dev.gatewatch.probes.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told about clients and probes that cannot be right. */
final class OAuthConfigTest {
    private static final String URL = "https://id.example/token";

    @TempDir
    Path files;

    @Test
    void aClientNeedsItsEndpoint() {
        assertThat(Clients.problems(Map.of("client_id", "a")))
                .containsExactly("oauth.c: missing key \"token_url\" (a URL starting with http:// or https://)");
    }

    @Test
    void whatGoesTogetherIsAskedFor() {
        assertThat(client(Map.of("client_secret", "s"))).containsExactly("oauth.c: missing key \"client_id\", which client_auth: basic needs");
        assertThat(client(Map.of("client_id", "a", "client_auth", "post")))
                .containsExactly("oauth.c: missing key \"client_secret\", which client_auth: post needs");
        assertThat(client(Map.of("client_id", "a", "client_auth", "private_key_jwt")))
                .containsExactly("oauth.c: missing key \"key\", which client_auth: private_key_jwt needs");
        assertThat(client(Map.of("client_id", "a", "client_auth", "tls")))
                .containsExactly("oauth.c.client_auth: client_auth: tls needs a client certificate: tls: {cert: …, key: …}");
        assertThat(client(Map.of("grant", "refresh_token")))
                .containsExactly("oauth.c: missing key \"refresh_token\", which grant: refresh_token needs");
        assertThat(client(Map.of("grant", "jwt_bearer")))
                .containsExactly(
                        "oauth.c: missing key \"key\", which grant: jwt_bearer needs",
                        "oauth.c: missing key \"issuer\", which grant: jwt_bearer needs");
    }

    @Test
    void whatIsWrittenInVainIsTold() {
        assertThat(client(Map.of("client_id", "a", "client_secret", "s", "client_auth", "none")))
                .containsExactly("oauth.c.client_secret: \"client_secret\" is not used with client_auth: none; remove it, or change the"
                        + " other");
        assertThat(client(Map.of("refresh_token", "r", "issuer", "i", "key_id", "k")))
                .containsExactlyInAnyOrder(
                        "oauth.c.refresh_token: \"refresh_token\" is not used without grant: refresh_token; remove it, or change the"
                                + " other",
                        "oauth.c.issuer: \"issuer\" is not used without grant: jwt_bearer; remove it, or change the other",
                        "oauth.c.key_id: \"key_id\" is not used by grant and client_auth, which sign nothing; remove it, or change"
                                + " the other");
    }

    @Test
    void aKeyThatCannotSignIsTold() throws Exception {
        assertThat(client(Map.of("client_id", "a", "key", key("RSA", 1024)))).singleElement().asString().contains("has 1024 bits");
        assertThat(client(Map.of("client_id", "a", "key", key("EC", 384)))).singleElement().asString().contains("only P-256");
        assertThat(client(Map.of("client_id", "a", "key", key("RSA", 2048), "algorithm", "ES256")))
                .singleElement()
                .asString()
                .contains("is an RSA key, which cannot sign ES256");
        assertThat(client(Map.of("client_id", "a", "key", Files.writeString(files.resolve("x.pem"), "no key").toString())))
                .singleElement()
                .asString()
                .contains("is not a PEM file");
    }

    @Test
    void aProbeIsOneClientOrNamesOne() {
        var type = new OAuthProbeType();
        assertThat(Sections.problems(type, Map.of()))
                .containsExactly("missing key \"token_url\", or \"client\" with the name of a client in the oauth section");
        assertThat(Sections.problems(type, Map.of("client", "shop")))
                .containsExactly(
                        "client: no client of the oauth section is called \"shop\" (the configuration has no oauth section)");
        assertThat(Sections.problems(type, Map.of("token_url", URL, "mode", "cached")))
                .containsExactly("mode: mode: cached watches the token that probes share; it needs client: NAME of the oauth section");
        assertThat(Sections.problems(type, Map.of("client", "shop", "token_url", URL)))
                .contains("token_url: \"token_url\" stands beside client, which says it already; keep one of them");
        assertThat(Sections.problems(type, Map.of("client", "shop", "mode", "cached", "refresh", true)))
                .contains("refresh: refresh: true runs grants by itself and needs mode: full");
    }

    private List<String> client(Map<String, ?> more) {
        var client = new LinkedHashMap<String, Object>(Map.of("token_url", URL));
        client.putAll(more);
        return Clients.problems(client);
    }

    private String key(String algorithm, int size) throws Exception {
        var generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        String body = Base64.getEncoder().encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        return Files.writeString(
                        files.resolve(algorithm + size + ".pem"),
                        "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n")
                .toString();
    }
}
