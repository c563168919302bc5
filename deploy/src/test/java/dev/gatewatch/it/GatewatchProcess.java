package dev.gatewatch.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built distribution's {@code bin/gatewatch} as a process: what a user starts is what is tested. */
final class GatewatchProcess implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Process process;
    private final Path output;
    private final URI base;

    private GatewatchProcess(Process process, Path output, URI base) {
        this.process = process;
        this.output = output;
        this.base = base;
    }

    /** The folder of the distribution under test. */
    static Path distribution() {
        String folder = System.getProperty("distribution");
        if (folder == null || !Files.isDirectory(Path.of(folder))) {
            throw new IllegalStateException("no distribution to test: run these through `mvn verify`");
        }
        return Path.of(folder);
    }

    /** A command that ends by itself. */
    record Ended(int exit, String out, String err) {}

    /** Runs a command to its end. */
    static Ended command(Path workingDirectory, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("gatewatch", ".out");
        Path err = Files.createTempFile("gatewatch", ".err");
        try {
            var builder = builder(args).directory(workingDirectory.toFile());
            builder.environment().putAll(environment);
            Process p = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            if (!p.waitFor(60, TimeUnit.SECONDS)) {
                p.destroyForcibly();
                throw new IllegalStateException("did not end: " + String.join(" ", args));
            }
            return new Ended(p.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    static Ended command(Path workingDirectory, String... args) throws IOException, InterruptedException {
        return command(workingDirectory, Map.of(), args);
    }

    /** Starts {@code gatewatch run} with this configuration, in whose text {@code @listen@} stands for a free address. */
    static GatewatchProcess run(Path folder, String configuration) throws IOException {
        int port = freePort();
        Path config = folder.resolve("gatewatch.yml");
        Files.writeString(config, configuration.replace("@listen@", "127.0.0.1:" + port));
        return start(folder, port, "run", "--config", config.toString());
    }

    /** Starts a command that serves the page at this port. */
    static GatewatchProcess start(Path folder, int port, String... args) throws IOException {
        Path output = folder.resolve("gatewatch.log");
        Process process = builder(args)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        return new GatewatchProcess(process, output, URI.create("http://127.0.0.1:" + port));
    }

    private static ProcessBuilder builder(String... args) {
        var command = new ArrayList<String>();
        command.add(distribution().resolve("bin/gatewatch").toString());
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    URI base() {
        return base;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it printed so far. */
    String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    GatewatchProcess awaitReady() {
        Patience.await("ready").until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("gatewatch ended: " + output());
            }
            return status("/-/ready") == 200;
        });
        return this;
    }

    /** The status of a GET, or 0 where nobody answers. */
    int status(String path) throws InterruptedException {
        try {
            return send(HttpRequest.newBuilder(base.resolve(path)).build()).statusCode();
        } catch (IOException _) {
            return 0;
        }
    }

    String get(String path) throws IOException, InterruptedException {
        return body(HttpRequest.newBuilder(base.resolve(path)).build());
    }

    JsonNode api(String path) throws IOException, InterruptedException {
        return JSON.readTree(get("/api/v1" + path));
    }

    static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    static String body(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request);
        if (response.statusCode() >= 300) {
            throw new IOException(request.uri() + " answers " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** As {@code kill -TERM}; answers the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("did not stop within 30 s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                stop();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
