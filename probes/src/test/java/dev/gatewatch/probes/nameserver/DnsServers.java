package dev.gatewatch.probes.nameserver;

import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Real name servers on loopback: BIND, Unbound and dnsmasq, started for a test and ended with it. */
public final class DnsServers {
    /** As a probe reaches name servers without any settings. */
    public static final Access ACCESS = new Access(
            Resolver.system(), TargetPolicy.STANDARD, IpFamily.ANY, TlsSettings.standard(), Optional.empty());

    private DnsServers() {}

    /** A started server. */
    public record Running(Process process, String host, int port) implements AutoCloseable {
        /** As a configuration names it. */
        public String address() {
            return host + ":" + port;
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A port that is free on all of these addresses, for datagrams and connections: below those that the system gives to whoever asks
     * for any, so that nobody takes it before the server does.
     */
    public static int freePort(String... hosts) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            if (isFree(port, hosts)) {
                return port;
            }
        }
        throw new IOException("no port is free on all of " + List.of(hosts));
    }

    private static boolean isFree(int port, String... hosts) {
        for (String host : hosts) {
            var at = new InetSocketAddress(InetAddress.ofLiteral(host), port);
            try (var datagrams = new DatagramSocket(at);
                    var connections = new ServerSocket(port, 1, at.getAddress())) {
                if (datagrams.getLocalPort() != connections.getLocalPort()) {
                    return false;
                }
            } catch (IOException _) {
                return false;
            }
        }
        return true;
    }

    /** BIND on 127.0.0.1 (it listens on addresses of interfaces only) as the authority of zones, which answers for nothing else. */
    public static Running bind(Path folder, int port, Map<String, Path> zones) throws IOException {
        String host = "127.0.0.1";
        var config = new StringBuilder("""
                options {
                  directory "%s";
                  listen-on port %d { %s; };
                  listen-on-v6 { none; };
                  pid-file none;
                  session-keyfile "session.key";
                  recursion no;
                  dnssec-validation no;
                  notify no;
                  check-integrity no;
                };
                controls { };
                """.formatted(folder, port, host));
        zones.forEach((zone, file) ->
                config.append("zone \"%s\" { type primary; file \"%s\"; };%n".formatted(zone, file)));
        Path file = Files.writeString(folder.resolve("named.conf"), config);
        String any = zones.keySet().iterator().next();
        return start(folder, host, port, any, Components.require("named").toString(), "-g", "-n", "1", "-c", file.toString());
    }

    /** Unbound as the authority of zones (name to file), which answers for nothing else. */
    public static Running unboundAuthority(Path folder, String host, int port, Map<String, Path> zones) throws IOException {
        var config = new StringBuilder("""
                server:
                  interface: %s@%d
                  do-daemonize: no
                  chroot: ""
                  username: ""
                  pidfile: ""
                  directory: "%s"
                  use-syslog: no
                  do-ip6: no
                  num-threads: 1
                  module-config: "iterator"
                  access-control: 127.0.0.0/8 refuse_non_local
                remote-control:
                  control-enable: no
                """.formatted(host, port, folder));
        zones.forEach((zone, file) -> config.append("""
                auth-zone:
                  name: "%s"
                  zonefile: "%s"
                  for-downstream: yes
                  for-upstream: no
                """.formatted(zone, file)));
        Path file = Files.writeString(folder.resolve("authority.conf"), config);
        String any = zones.keySet().iterator().next();
        return start(folder, host, port, any, Components.require("unbound").toString(), "-d", "-p", "-c", file.toString());
    }

    /**
     * Unbound, which asks one name server for everything and no other.
     *
     * @param settings further lines of its {@code server} section
     */
    public static Running unbound(Path folder, int port, Running upstream, String zone, String... settings) throws IOException {
        String config = """
                server:
                  interface: 127.0.0.1@%d
                  %s
                  do-daemonize: no
                  chroot: ""
                  username: ""
                  pidfile: ""
                  directory: "%s"
                  use-syslog: no
                  do-not-query-localhost: no
                  do-ip6: no
                  num-threads: 1
                  access-control: 127.0.0.0/8 allow
                  ede: yes
                  module-config: "validator iterator"
                remote-control:
                  control-enable: no
                stub-zone:
                  name: "%s"
                  stub-addr: %s
                forward-zone:
                  name: "."
                  forward-addr: %s
                """.formatted(
                port,
                String.join("\n  ", settings),
                folder,
                zone,
                upstream.address().replace(':', '@'),
                upstream.address().replace(':', '@'));
        Path file = Files.writeString(folder.resolve("unbound.conf"), config);
        return start(folder, "127.0.0.1", port, zone, Components.require("unbound").toString(), "-d", "-p", "-c", file.toString());
    }

    /** dnsmasq, which knows what its options say and asks nobody. */
    public static Running dnsmasq(Path folder, int port, String zone, String... options) throws IOException {
        var command = new ArrayList<>(List.of(
                Components.require("dnsmasq").toString(),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--port=" + port,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--user=" + System.getProperty("user.name"),
                "--local=/" + zone + "/"));
        command.addAll(List.of(options));
        return start(folder, "127.0.0.1", port, zone, command.toArray(String[]::new));
    }

    /** A file with a zone's records, signed by BIND's own tools with keys made for it. */
    public static Path sign(Path folder, String zone, Path file, String from, String until) throws Exception {
        String keygen = Components.require("dnssec-keygen").toString();
        run(folder, keygen, "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", zone);
        run(folder, keygen, "-q", "-a", "ECDSAP256SHA256", zone);
        run(
                folder,
                Components.require("dnssec-signzone").toString(),
                "-q", "-S", "-P", "-s", from, "-e", until, "-o", zone, file.toString());
        return folder.resolve(file.getFileName() + ".signed");
    }

    private static void run(Path folder, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
    }

    private static Running start(Path folder, String host, int port, String zone, String... command) throws IOException {
        File log = folder.resolve(Path.of(command[0]).getFileName() + "-" + host + "-" + port + ".log").toFile();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        var running = new Running(process, host, port);
        var server = NameServer.udp(host, port);
        try {
            Waiting.await().until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException(command[0] + " ended: " + Files.readString(log.toPath()));
                }
                return answers(server, zone);
            });
            return running;
        } catch (RuntimeException e) {
            running.close();
            throw new IllegalStateException(command[0] + " does not answer: " + Files.readString(log.toPath()), e);
        }
    }

    private static boolean answers(NameServer server, String zone) throws IOException {
        Query query = Query.of(Name.fromString(zone, Name.root), Type.SOA);
        return Asking.ask(server, query, ACCESS, Deadline.after(Duration.ofMillis(300)), Instant.EPOCH) instanceof Reply.Answer;
    }
}
