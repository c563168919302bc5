package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server does with what is sent, and what is made of its answers. */
final class HttpNginxTest {
    private static final HeldCertificate CA =
            new HeldCertificate.Builder().certificateAuthority(0).commonName("Test CA").build();

    @TempDir
    static Path folder;

    private static Process nginx;
    private static int plain;
    private static int secure;

    @BeforeAll
    static void startNginx() throws Exception {
        Path program = Components.require("nginx");
        plain = freePort();
        secure = freePort();
        HeldCertificate leaf = new HeldCertificate.Builder()
                .commonName("nginx")
                .addSubjectAlternativeName("localhost")
                .signedBy(CA)
                .build();
        HeldCertificate client =
                new HeldCertificate.Builder().commonName("client").signedBy(CA).build();
        HeldCertificate stranger = new HeldCertificate.Builder().commonName("stranger").build();
        write("ca.pem", CA.certificatePem());
        write("leaf.pem", leaf.certificatePem());
        write("leaf.key", leaf.privateKeyPkcs8Pem());
        write("client.pem", client.certificatePem());
        write("client.key", client.privateKeyPkcs8Pem());
        write("stranger.pem", stranger.certificatePem());
        write("stranger.key", stranger.privateKeyPkcs8Pem());
        write("passwords", "probe:{PLAIN}nginx-passw0rd\n");
        write("site/large.json", "{\"status\":\"UP\",\"fill\":\"" + "x".repeat(5_000) + "\"}");
        open(folder);
        Path config = write("nginx.conf", """
                daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 64; }
                http {
                  access_log off; default_type application/json; gzip on; gzip_types application/json; gzip_proxied any;
                  client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s;
                  uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  limit_req_zone $binary_remote_addr zone=one:1m rate=1r/m;
                  server {
                    listen 127.0.0.1:%2$d; root %1$s/site;
                    location / { types { } }
                    location /private { auth_basic shop; auth_basic_user_file %1$s/passwords; try_files /large.json =404; }
                    location /limited { limit_req zone=one; limit_req_status 429; error_page 429 @wait; try_files /large.json =404; }
                    location @wait { add_header Retry-After 60 always; return 429 '{"code":"RATE_LIMIT_EXCEEDED"}'; }
                    location /gone { return 444; }
                    location /login {
                      if ($cookie_login = "") { add_header Set-Cookie "login=1; Path=/"; return 302 /login; }
                      return 200 '{"known":true}';
                    }
                    location /form { if ($content_type != "application/x-www-form-urlencoded") { return 415; } return 200 ok; }
                  }
                  server {
                    listen 127.0.0.1:%3$d ssl http2; server_name localhost;
                    ssl_certificate %1$s/leaf.pem; ssl_certificate_key %1$s/leaf.key;
                    ssl_client_certificate %1$s/ca.pem; ssl_verify_client on;
                    location / { return 200 '{"dn":"$ssl_client_s_dn"}'; }
                  }
                }
                """.formatted(folder, plain, secure));
        nginx = new ProcessBuilder(program.toString(), "-p", folder.toString(), "-e", folder + "/start.log", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.log").toFile())
                .start();
        Waiting.await().until(() -> {
            if (!nginx.isAlive()) {
                throw new AssertionError("nginx ended: " + Files.readString(folder.resolve("out.log")));
            }
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), secure)) {
                return true;
            } catch (IOException _) {
                return false;
            }
        });
    }

    @AfterAll
    static void stopNginx() throws Exception {
        if (nginx != null) {
            nginx.destroy();
            nginx.waitFor(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aCompressedAnswerIsReadAndAsserted() throws Exception {
        Report report = probe(
                "/large.json",
                Map.of("expect", Map.of("compression", "gzip", "json", Map.of("$.status", "UP"), "body_size", Map.of("min", 5_000))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "compression")).isEqualTo("gzip");
        assertThat(probe("/large.json", Map.of("expect", Map.of("compression", "br"))).message())
                .isEqualTo("Content-Encoding is identity, expected br");
    }

    @Test
    void aPasswordIsTakenOrRejected() throws Exception {
        Report good = probe(
                "/private", Map.of("auth", Map.of("basic", Map.of("username", "probe", "password", "nginx-passw0rd"))));
        Report bad =
                probe("/private", Map.of("auth", Map.of("basic", Map.of("username", "probe", "password", "wr0ng-passw0rd"))));

        assertThat(good.outcome()).as(good.toString()).isEqualTo(Outcome.PASS);
        assertThat(bad.cause()).as(bad.toString()).contains(Cause.CREDENTIAL_REJECTED);
        assertThat(probe("/private", Map.of()).cause()).contains(Cause.CREDENTIAL_MISSING);
    }

    @Test
    void aLimitIsNamed() throws Exception {
        probe("/limited", Map.of());

        Report report = probe("/limited", Map.of());

        assertThat(report.cause()).as(report.toString()).contains(Cause.RATE_LIMITED);
        assertThat(report.message()).isEqualTo("status 429, expected 2xx: RATE_LIMIT_EXCEEDED; retry after 60s");
    }

    @Test
    void aConnectionThatIsDroppedWithoutAnAnswerIsReset() throws Exception {
        assertThat(probe("/gone", Map.of()).cause()).contains(Cause.CONNECTION_RESET);
    }

    @Test
    void aLoginLoopEndsWithItsCookie() throws Exception {
        Report report = probe("/login", Map.of("expect", Map.of("redirects", 1, "cel", "body.known")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aFormArrivesAsOne() throws Exception {
        Report report = probe("/form", Map.of("method", "POST", "form", Map.of("amount", 5)));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aClientCertificateIsTakenMissedOrRejectedOverHttp2() throws Exception {
        Report good = secure("client");
        Report none = secure("");
        Report strange = secure("stranger");

        assertThat(good.outcome()).as(good.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(good, "http_version")).isEqualTo(2L);
        assertThat(none.cause()).as(none.toString()).contains(Cause.CLIENT_CERT_REQUIRED);
        assertThat(strange.cause()).as(strange.toString()).contains(Cause.CLIENT_CERT_REJECTED);
    }

    private static Report secure(String identity) throws Exception {
        var tls = new HashMap<String, Object>(Map.of("trust", folder.resolve("ca.pem").toString()));
        if (!identity.isEmpty()) {
            tls.put("cert", folder.resolve(identity + ".pem").toString());
            tls.put("key", folder.resolve(identity + ".key").toString());
        }
        return Probing.run("https://localhost:" + secure + "/", Map.of("tls", tls, "expect", Map.of("http_version", List.of("2"))));
    }

    private static Report probe(String path, Map<String, ?> more) throws Exception {
        return Probing.run("http://127.0.0.1:" + plain + path, more);
    }

    private static Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Workers of a server that root started may run as somebody else. */
    private static void open(Path path) throws IOException {
        try (var all = Files.walk(path)) {
            for (Path each : all.toList()) {
                assertThat(each.toFile().setReadable(true, false)).isTrue();
                if (Files.isDirectory(each)) {
                    assertThat(each.toFile().setExecutable(true, false)).isTrue();
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
