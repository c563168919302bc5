package dev.gatewatch.probes.http;

import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An installed proxy, started on a free port of loopback. */
final class RealProxy implements AutoCloseable {
    static final String USER = "probe";
    static final String PASSWORD = "pr0xy-passw0rd";

    private final Process process;
    private final int port;

    private final int openPort;

    private RealProxy(Process process, int port, int openPort) {
        this.process = process;
        this.port = port;
        this.openPort = openPort;
    }

    /** Squid, with one port that wants a login and one that does not. It takes two seconds to start. */
    static RealProxy squid(Path folder) throws IOException {
        Path program = Components.require("squid");
        int port = freePort();
        Path helper = Files.writeString(
                folder.resolve("helper.sh"),
                "while read -r user password; do [ \"$user:$password\" = \"" + USER + ":" + PASSWORD
                        + "\" ] && echo OK || echo ERR; done\n");
        int openPort = freePort();
        String access = "auth_param basic program /bin/sh " + helper + "\nauth_param basic children 1\n"
                + "auth_param basic realm test\nacl known proxy_auth REQUIRED\nacl open myportname open\n"
                + "acl forbidden dstdomain .forbidden.example\nhttp_access deny forbidden\nhttp_access allow open\n"
                + "http_access allow known\n";
        Path config = Files.writeString(
                folder.resolve("squid.conf"),
                "http_port 127.0.0.1:" + port + " name=locked\nhttp_port 127.0.0.1:" + openPort + " name=open\npid_filename none\ncache_log /dev/null\naccess_log none\n"
                        + "cache deny all\ncache_mem 1 MB\nshutdown_lifetime 0 seconds\nnetdb_filename none\n"
                        + "max_filedescriptors 256\nvisible_hostname test\ncoredump_dir " + folder + "\n" + access);
        open(folder);
        return start(folder, port, openPort, List.of(program.toString(), "-N", "-f", config.toString()));
    }

    /** Tinyproxy with a login. */
    static RealProxy tinyproxy(Path folder) throws IOException {
        Path program = Components.require("tinyproxy");
        int port = freePort();
        Path config = Files.writeString(
                folder.resolve("tinyproxy.conf"),
                "Port " + port + "\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogFile \"" + folder.resolve("tiny.log")
                        + "\"\nBasicAuth " + USER + " " + PASSWORD + "\n");
        return start(folder, port, port, List.of(program.toString(), "-d", "-c", config.toString()));
    }

    /** A SOCKS5 proxy with a login. */
    static RealProxy microsocks(Path folder) throws IOException {
        Path program = Components.require("microsocks");
        int port = freePort();
        return start(
                folder,
                port,
                port,
                List.of(program.toString(), "-i", "127.0.0.1", "-p", String.valueOf(port), "-u", USER, "-P", PASSWORD));
    }

    int port() {
        return port;
    }

    /** Where no login is wanted. */
    int openPort() {
        return openPort;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A daemon started by root goes on as somebody else, who has to get at its files. */
    private static void open(Path folder) {
        if (!folder.toFile().setExecutable(true, false) || !folder.toFile().setReadable(true, false)) {
            throw new AssertionError("cannot change the permissions of " + folder);
        }
    }

    private static RealProxy start(Path folder, int port, int openPort, List<String> command) throws IOException {
        Path log = folder.resolve("out.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Waiting.await().until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError(command.getFirst() + " ended: " + Files.readString(log));
            }
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException _) {
                return false;
            }
        });
        return new RealProxy(process, port, openPort);
    }

    @Override
    public void close() {
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
