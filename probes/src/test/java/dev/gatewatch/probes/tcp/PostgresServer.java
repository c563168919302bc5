package dev.gatewatch.probes.tcp;

import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probes.net.LocalServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.tls.HeldCertificate;

/** A PostgreSQL server with TLS on a free port of loopback and on a Unix socket. */
final class PostgresServer implements Closeable {
    private final Process process;
    private final int port;
    private final Path folder;

    private PostgresServer(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    static PostgresServer start(Path folder, HeldCertificate certificate, String chain) throws Exception {
        Path data = folder.resolve("data");
        Path key = folder.resolve("key.pem");
        Path cert = Files.writeString(folder.resolve("cert.pem"), certificate.certificatePem() + chain);
        Files.writeString(key, certificate.privateKeyPkcs8Pem());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Process init = new ProcessBuilder(command("initdb", "-D", data.toString(), "-U", "pg", "-A", "trust", "--no-sync"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("initdb.log").toFile())
                .start();
        if (!init.waitFor(60, TimeUnit.SECONDS) || init.exitValue() != 0) {
            throw new IOException("initdb failed: " + Files.readString(folder.resolve("initdb.log")));
        }
        int port = LocalServer.closedPort();
        Process process = new ProcessBuilder(command(
                        "postgres", "-D", data.toString(), "-k", folder.toString(), "-p", Integer.toString(port),
                        "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "ssl=on",
                        "-c", "ssl_cert_file=" + cert, "-c", "ssl_key_file=" + key))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("postgres.log").toFile())
                .start();
        var server = new PostgresServer(process, port, folder);
        Waiting.await()
                .until(() -> Files.readString(folder.resolve("postgres.log")).contains("ready to accept connections"));
        return server;
    }

    /** PostgreSQL does not run as root; in a user namespace of its own it does not see that it would. */
    private static List<String> command(String program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of(Components.require("unshare").toString(), "-U"));
        }
        command.add(installed(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Debian keeps it by version, outside the PATH. */
    private static Path installed(String program) throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (var folders = Files.list(versions)) {
                var found = folders.map(v -> v.resolve("bin").resolve(program))
                        .filter(Files::isExecutable)
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        return Components.require(program);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    Path socket() {
        return folder.resolve(".s.PGSQL." + port);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
