package dev.gatewatch.probes.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Shared;
import dev.gatewatch.config.Sources;
import dev.gatewatch.probes.blackbox.Module.BadTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How modules become keys of our types; that these do the same is for the parity test. */
final class BlackboxModulesTest {
    @TempDir
    Path folder;

    @Test
    void aDialogueKeepsGosReferences() throws Exception {
        Map<String, Object> keys = keys(
                """
                prober: tcp
                tcp:
                  source_ip_address: 127.0.0.1
                  query_response:
                    - send: "literal ${1}"
                    - expect: "^PING :(?P<id>[^ ]+)(x)?"
                      send: "PONG $id ${1} $2 $3 $nobody $$5"
                      labels: [{name: id, value: "${id}"}]
                    - expect_bytes: "+OK"
                    - starttls: true
                  tls_config: {server_name: irc.example.com}
                """,
                "irc.example.com:6697");

        assertThat(keys)
                .containsEntry("target", "irc.example.com:6697")
                .containsEntry("source_address", "127.0.0.1")
                .containsEntry("ip_family", "prefer_ip6")
                .containsEntry("tls", Map.of("server_name", "irc.example.com"));
        assertThat(keys.get("dialogue"))
                .isEqualTo(List.of(
                        Map.of("send_bytes", Map.of("base64", "bGl0ZXJhbCAkezF9Cg==")),
                        Map.of(
                                "expect",
                                "^PING :(?P<id>[^ ]+)(x)?",
                                "send",
                                "PONG ${id} ${1} ${2}   $5\n",
                                "labels",
                                Map.of("id", "${id}")),
                        Map.of("expect_bytes", "+OK"),
                        Map.of("starttls", true)));
    }

    @Test
    void onlyTheUnixProberGoesToSocketsOfThisMachine() throws Exception {
        assertThat(keys("prober: unix\nunix: {query_response: [{expect: ready}]}", "/run/app.sock"))
                .containsEntry("target", "unix:/run/app.sock");
        assertThatThrownBy(() -> keys("prober: tcp", "unix:/run/docker.sock"))
                .isInstanceOfSatisfying(BadTarget.class, e -> assertThat(e.isRefused()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 192.0.2.1, udp://192.0.2.1:53",
        "'', 192.0.2.1:5353, udp://192.0.2.1:5353",
        "'', 2001:db8::1, udp://[2001:db8::1]:53",
        "'transport_protocol: tcp,', ns.example.com, tcp://ns.example.com:53",
        "'transport_protocol: tcp, dns_over_tls: true,', ns.example.com, tls://ns.example.com:853"
    })
    void aNameServerIsAskedAsTheModuleSays(String more, String target, String resolver) throws Exception {
        assertThat(keys("prober: dns\ndns: {" + more + " query_name: example.com}", target))
                .containsEntry("resolvers", List.of(resolver))
                .containsEntry("record", "ANY")
                .containsEntry("edns", false);
    }

    @Test
    void aWebSocketTakesOneMessageForEachExpectation() throws Exception {
        Map<String, Object> keys = keys(
                """
                prober: websocket
                websocket:
                  http_config: {basic_auth: {username: u, password: p}, follow_redirects: false}
                  headers: {Origin: {values: ["https://shop.example.com"]}}
                  query_response: [{expect: hello, send: ping}, {expect: pong}]
                """,
                "ws://shop.example.com/live");

        assertThat(keys).containsEntry("url", "ws://shop.example.com/live").containsKeys("auth", "headers").doesNotContainKey("follow_redirects");
        assertThat(keys.get("steps"))
                .isEqualTo(List.of(
                        Map.of("expect", "hello", "others", 0), Map.of("send", "ping"), Map.of("expect", "pong", "others", 0)));
    }

    @Test
    void pingsAreOneAndGrpcMetadataIsInLowerCase() throws Exception {
        assertThat(keys("prober: icmp\nicmp: {ttl: 5, payload_size: 1400, dont_fragment: true}", "pay.example.com"))
                .containsEntry("count", 1)
                .containsEntry("size", 1400)
                .containsEntry("ttl", 5)
                .containsEntry("dont_fragment", true);
        assertThat(keys("prober: icmp", "pay.example.com")).containsEntry("size", 28).containsEntry("ttl", 64);
        assertThat(keys("prober: grpc\ngrpc: {service: pay, metadata: {X-Tenant: [a, b]}}", "pay.example.com:443"))
                .containsEntry("service", "pay")
                .doesNotContainKey("tls")
                .extractingByKey("metadata")
                .asString()
                .contains("x-tenant");
    }

    @Test
    void aDurationOfAMillionDigitsIsRefusedAtOnce() throws Exception {
        var problems = new Problems();

        read("prober: http\ntimeout: " + "1".repeat(1_000_000), problems);

        assertThat(problems.list()).extracting(Problem::message).anySatisfy(m -> assertThat(m).contains("a duration as 5s"));
    }

    @Test
    void http3StandsAloneAndGoesToHttps() throws Exception {
        String module = "prober: http\nhttp: {enable_http3: true, enable_http2: false, valid_http_versions: [HTTP/3.0],"
                + " basic_auth: {username: shop, password: s3cret}, headers: {X-Shop: blue}}";

        assertThat(keys(module, "pay.example.com"))
                .containsEntry("url", "https://pay.example.com")
                .containsEntry("http_version", "3")
                .containsKeys("auth", "headers");
        assertThat(keys(module, "https://pay.example.com/x")).containsEntry("url", "https://pay.example.com/x");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http: {enable_http3: true} | enable_http3 takes enable_http2: false",
        "http: {enable_http3: true, enable_http2: false, valid_http_versions: [HTTP/2.0]} | only HTTP/3.0 can be valid",
        "http: {enable_http3: true, enable_http2: false, proxy_url: 'http://proxy:3128'} | HTTP/3 goes through no proxy",
        "http: {oauth2: {client_id: a, token_url: b}} | oauth2 is not supported in modules",
        "http: {proxy_from_environment: true} | write it as proxy_url",
        "http: {http_headers: {X-A: {values: [a, b]}}} | a header with several values is not supported",
        "http: {tls_config: {max_version: TLS10}} | versions older than TLS12 are not spoken",
        "http: {tls_config: {ca: PEM}} | name it in ca_file",
        "http: {fail_if_body_matches_regexp: ['(']} | not a regular expression",
        "http: {surprise: 1} | unknown key",
    })
    void whatIsNotSupportedIsSaid(String block, String words) throws Exception {
        var problems = new Problems();
        read("prober: http\n" + block, problems);

        assertThat(problems.list()).extracting(Problem::message).anySatisfy(m -> assertThat(m).contains(words));
    }

    private Map<String, Object> keys(String module, String target) throws IOException, BadTarget {
        var problems = new Problems();
        Optional<BlackboxModules> modules = read(module, problems);
        assertThat(problems.list()).isEmpty();
        return modules.orElseThrow().find("m").orElseThrow().translation().orElseThrow().at(target, Optional.empty());
    }

    private Optional<BlackboxModules> read(String module, Problems problems) throws IOException {
        Path file = folder.resolve("blackbox.yml");
        Files.writeString(file, "modules:\n  m:\n" + module.indent(4));
        return BlackboxModules.read(file, problems, Shared.NONE, new Sources());
    }
}
