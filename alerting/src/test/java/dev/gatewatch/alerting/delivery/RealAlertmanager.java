package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.kit.Waiting.await;

import dev.gatewatch.kit.Components;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Debian's Alertmanager as a process on loopback, notifying a webhook quickly. */
final class RealAlertmanager implements AutoCloseable {
    private final ProcessBuilder command;
    private Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI address;

    private RealAlertmanager(ProcessBuilder command, int port) throws IOException {
        this.command = command;
        this.process = command.start();
        this.address = URI.create("http://127.0.0.1:" + port);
    }

    /** Starts it, or skips the test where it is not installed. */
    static RealAlertmanager start(Path folder, URI webhook) throws IOException {
        Path program = Components.require("prometheus-alertmanager");
        Path config = Files.writeString(folder.resolve("alertmanager.yml"), """
                route:
                  receiver: hook
                  group_by: [alertname]
                  group_wait: 200ms
                  group_interval: 500ms
                receivers:
                  - name: hook
                    webhook_configs:
                      - url: "%s"
                        send_resolved: true
                """.formatted(webhook));
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ProcessBuilder command = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + Files.createDirectory(folder.resolve("alertmanager")),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alertmanager.log").toFile());
        var alertmanager = new RealAlertmanager(command, port);
        alertmanager.awaitReady();
        return alertmanager;
    }

    private void awaitReady() {
        await().ignoreExceptions().until(() -> get("/-/ready").statusCode() == 200);
    }

    /** In an orderly way, in which it stores its notification log. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** With what it had stored: its notification log and silences, but no alerts. */
    void startAgain() throws IOException {
        process = command.start();
        awaitReady();
    }

    URI address() {
        return address;
    }

    /** The answer of an API path as JSON. */
    JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(get(path).body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
