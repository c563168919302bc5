package dev.gatewatch.probes.revocation;

import static dev.gatewatch.kit.Waiting.await;

import dev.gatewatch.kit.Components;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.revocation.Pki.Held;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** OpenSSL and nginx as processes: TLS servers that staple, and an OCSP responder. */
public final class Peer implements AutoCloseable {
    private static final Pattern ACCEPT = Pattern.compile("ACCEPT(?: 127\\.0\\.0\\.1:(\\d+))?\\R");
    private static final DateTimeFormatter INDEX_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Process process;
    private final int port;

    private Peer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public int port() {
        return port;
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** {@code openssl s_server} with a chain and, where given, an OCSP answer to staple. */
    public static Peer server(Path folder, Held own, List<Held> intermediates, Optional<byte[]> staple, String... more)
            throws IOException {
        Path openssl = Components.require("openssl");
        Path at = Files.createTempDirectory(folder, "s_server");
        own.write(at, "own");
        var words = new ArrayList<String>(List.of(
                openssl.toString(), "s_server", "-accept", "127.0.0.1:0", "-cert", "own.pem", "-key", "own.key", "-www"));
        if (!intermediates.isEmpty()) {
            var chain = new StringBuilder();
            intermediates.forEach(i -> chain.append(i.pem()));
            Files.writeString(at.resolve("chain.pem"), chain);
            words.addAll(List.of("-cert_chain", "chain.pem"));
        }
        if (staple.isPresent()) {
            Files.write(at.resolve("staple.der"), staple.get());
            words.addAll(List.of("-status_file", "staple.der"));
        }
        words.addAll(List.of(more));
        Process process = start(at, words);
        await().until(() -> ACCEPT.matcher(log(at)).find() || !process.isAlive());
        alive(process, at);
        Matcher accept = ACCEPT.matcher(log(at));
        // a port that was asked for is not named
        String named = accept.find() && accept.group(1) != null ? accept.group(1) : words.getLast().replaceFirst(".*:", "");
        return new Peer(process, Integer.parseInt(named));
    }

    /** nginx with an OCSP answer to staple. */
    public static Peer nginx(Path folder, Held own, Held issuer, byte[] staple) throws IOException {
        Path nginx = Components.require("nginx");
        Path at = Files.createTempDirectory(folder, "nginx");
        Files.writeString(at.resolve("own.pem"), own.pem() + issuer.pem());
        Files.writeString(at.resolve("own.key"), own.keyPem());
        Files.writeString(at.resolve("ca.pem"), issuer.pem());
        Files.write(at.resolve("staple.der"), staple);
        int port = LocalServer.closedPort();
        Files.writeString(
                at.resolve("nginx.conf"),
                """
                daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f;
                  uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                  server {
                    listen 127.0.0.1:%2$d ssl;
                    ssl_certificate %1$s/own.pem; ssl_certificate_key %1$s/own.key;
                    ssl_trusted_certificate %1$s/ca.pem;
                    ssl_stapling on; ssl_stapling_file %1$s/staple.der;
                    return 204;
                  }
                }
                """
                        .formatted(at, port));
        Process process = start(at, List.of(nginx.toString(), "-p", at.toString(), "-c", "nginx.conf"));
        listening(process, port, at);
        return new Peer(process, port);
    }

    /**
     * {@code openssl ocsp} as a responder.
     *
     * @param signer who signs: the authority itself or a responder of its
     * @param revoked lines of a database of which those named are revoked since 2026-01-02 for key compromise
     */
    public static Peer responder(Path folder, Held authority, Held signer, List<Held> issued, List<Held> revoked)
            throws IOException {
        Path openssl = Components.require("openssl");
        Path at = Files.createTempDirectory(folder, "ocsp");
        authority.write(at, "ca");
        signer.write(at, "signer");
        var index = new StringBuilder();
        for (Held held : issued) {
            boolean bad = revoked.contains(held);
            String until = INDEX_TIME.format(held.certificate().getNotAfter().toInstant());
            String since = INDEX_TIME.format(Instant.parse("2026-01-02T03:04:05Z"));
            String serial = held.certificate().getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
            index.append(bad ? "R" : "V").append('\t').append(until).append('\t');
            index.append(bad ? since + ",keyCompromise" : "").append('\t');
            index.append(serial.length() % 2 == 0 ? serial : "0" + serial).append("\tunknown\t/CN=x\n");
        }
        Files.writeString(at.resolve("index.txt"), index);
        int port = LocalServer.closedPort();
        Process process = start(
                at,
                List.of(
                        openssl.toString(), "ocsp", "-index", "index.txt", "-port", String.valueOf(port), "-rsigner",
                        "signer.pem", "-rkey", "signer.key", "-CA", "ca.pem", "-nmin", "5"));
        // a connection that asks nothing would leave it waiting for ever
        await().until(() -> log(at).contains("waiting for OCSP client connections") || !process.isAlive());
        alive(process, at);
        return new Peer(process, port);
    }

    private static Process start(Path at, List<String> words) throws IOException {
        return new ProcessBuilder(words)
                .directory(at.toFile())
                .redirectErrorStream(true)
                .redirectOutput(at.resolve("log").toFile())
                .start();
    }

    private static void listening(Process process, int port, Path at) {
        await().until(() -> {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException _) {
                return !process.isAlive();
            }
        });
        alive(process, at);
    }

    private static void alive(Process process, Path at) {
        if (!process.isAlive()) {
            throw new AssertionError("it ended: " + log(at));
        }
    }

    private static String log(Path at) {
        try {
            return Files.readString(at.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
