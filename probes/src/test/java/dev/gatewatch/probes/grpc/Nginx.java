package dev.gatewatch.probes.grpc;

import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real nginx on loopback. */
public final class Nginx implements AutoCloseable {
    private final Process process;

    private Nginx(Process process) {
        this.process = process;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param folder for its files
     * @param http what stands in its http block
     * @param port one on which it then listens
     */
    public static Nginx start(Path folder, String http, int port) throws IOException {
        Path program = Components.require("nginx");
        Path temp = Files.createDirectories(folder.resolve("temp"));
        Path config = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s;
                  uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  %2$s
                }
                """.formatted(temp, http));
        Process process = new ProcessBuilder(
                        program.toString(), "-p", folder.toString(), "-e", temp.resolve("start.log").toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("out.log").toFile())
                .start();
        var nginx = new Nginx(process);
        Waiting.await().until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("nginx ended: " + Files.readString(temp.resolve("out.log"))
                        + Files.readString(temp.resolve("start.log")));
            }
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException _) {
                return false;
            }
        });
        return nginx;
    }

    @Override
    public void close() {
        process.destroy();
        Waiting.await().until(() -> !process.isAlive());
    }
}
