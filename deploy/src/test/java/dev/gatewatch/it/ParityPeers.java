package dev.gatewatch.it;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** What both exporters probe in the parity test: nginx, named and small servers, all on loopback, each port by its name. */
final class ParityPeers implements AutoCloseable {
    /** What it says of probers that leave; held, as the level would go with a logger that nobody holds. */
    private static final Logger LOG = Logger.getLogger("io.grpc.okhttp.OkHttpServerTransport");

    static {
        LOG.setLevel(Level.OFF);
    }

    private final Path folder;
    private final Map<String, Integer> ports = new HashMap<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<Closeable> open = new ArrayList<>();

    ParityPeers(Path folder) {
        this.folder = folder;
    }

    int port(String name) {
        return ports.computeIfAbsent(name, _ -> {
            try {
                return GatewatchProcess.freePort();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A text of the test's resources with ports and files filled in. */
    String filledIn(String resource) throws IOException {
        String text;
        try (InputStream in = ParityPeers.class.getResourceAsStream("/parity/" + resource)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        text = text.replace("@folder@", folder.toString())
                .replace("@ca@", folder.resolve("ca.pem").toString())
                .replace("@cert@", folder.resolve("client.pem").toString())
                .replace("@key@", folder.resolve("client.key").toString());
        for (String name : List.of("http", "https", "expired", "selfsigned", "mutual", "dns", "dot")) {
            text = text.replace("@" + name + "@", Integer.toString(port(name)));
        }
        return text;
    }

    void start() throws Exception {
        certificates();
        files();
        nginx();
        named();
        banner("ssh", "SSH-2.0-parity");
        silent("silent");
        smtp();
        grpc("grpc", InsecureServerCredentials.create());
        grpc(
                "grpcs",
                TlsServerCredentials.newBuilder()
                        .keyManager(folder.resolve("good.pem").toFile(), folder.resolve("good.key").toFile())
                        .build());
        var deaf = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        open.add(deaf);
        ports.put("deaf", deaf.getLocalPort());
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of(Components.require("openssl", "openssl").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(Files.readString(folder.resolve("openssl.log")));
        }
    }

    /** A name with everything that the order and the quoting of its parts can be wrong in. */
    private static final String SUBJECT =
            "/C=DE/ST=Bayern/L=M\\xc3\\xbcnchen/O=Pay, Ltd \\+ Co/OU=Ops/OU=Core/serialNumber=42/CN=localhost/emailAddress=ops@parity.example";

    private void certificates() throws Exception {
        openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-utf8", "-days", "3650",
                "-subj", "/C=DE/O=Parity  \"CA\"; 1/CN=Parity <Root>", "-keyout", "ca.key", "-out", "ca.pem");
        signed("good", SUBJECT.replace("\\xc3\\xbc", "ü"), "subjectAltName=DNS:localhost,DNS:pay.example,DNS:*.parity.example,IP:127.0.0.1,IP:::1,email:ops@parity.example");
        signed("client", "/CN=prober", "extendedKeyUsage=clientAuth");
        write("selfsigned", new HeldCertificate.Builder().commonName("alone").addSubjectAlternativeName("127.0.0.1").build());
        var authority = new HeldCertificate.Builder().commonName("old root").certificateAuthority(0).build();
        Instant now = Instant.now();
        write(
                "expired",
                new HeldCertificate.Builder()
                        .commonName("late")
                        .addSubjectAlternativeName("127.0.0.1")
                        .signedBy(authority)
                        .validityInterval(
                                now.minus(Duration.ofDays(90)).toEpochMilli(),
                                now.minus(Duration.ofDays(1)).toEpochMilli())
                        .build());
    }

    private void signed(String name, String subject, String extension) throws Exception {
        openssl(
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-utf8", "-subj", subject,
                "-keyout", name + ".key", "-out", name + ".csr");
        Files.writeString(folder.resolve(name + ".ext"), extension + "\n");
        openssl(
                "x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "0x0a0b00c0ffee",
                "-days", "30", "-extfile", name + ".ext", "-out", name + ".pem");
    }

    private void write(String name, HeldCertificate certificate) throws IOException {
        Files.writeString(folder.resolve(name + ".pem"), certificate.certificatePem());
        Files.writeString(folder.resolve(name + ".key"), certificate.privateKeyPkcs8Pem());
    }

    private void files() throws IOException {
        Path www = Files.createDirectories(folder.resolve("www"));
        Files.writeString(www.resolve("index.html"), "<h1>welcome, dear customer</h1>\n");
        Files.writeString(www.resolve("chunked"), "welcome <!--# echo var=\"host\" --> customer\n");
        Files.writeString(www.resolve("large"), "welcome customer ".repeat(20_000));
        try (var gzip = new GZIPOutputStream(Files.newOutputStream(www.resolve("squeezed.gz")))) {
            gzip.write("squeezed ".repeat(100).getBytes(StandardCharsets.UTF_8));
        }
        // {PLAIN} is nginx's word
        Files.writeString(folder.resolve("users"), "parity:{PLAIN}not-a-secret\n");
        Files.writeString(folder.resolve("zone"), filledIn("zone"));
    }

    private void nginx() throws Exception {
        Files.writeString(folder.resolve("nginx.conf"), filledIn("nginx.conf"));
        run(Components.require("nginx", "nginx").toString(), "-c", folder.resolve("nginx.conf").toString());
        awaitPort("mutual");
    }

    private void named() throws Exception {
        Files.writeString(folder.resolve("named.conf"), filledIn("named.conf"));
        run(Components.require("bind9", "named").toString(), "-g", "-n", "1", "-c", folder.resolve("named.conf").toString());
        awaitPort("dns");
        awaitPort("dot");
    }

    private void run(String... command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("peers.log").toFile()))
                .start());
    }

    private void awaitPort(String name) {
        Patience.await(name + " listens").until(() -> {
            if (!processes.getLast().isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("peers.log")));
            }
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port(name))) {
                return true;
            } catch (IOException _) {
                return false;
            }
        });
    }

    /** One connection each. */
    @FunctionalInterface
    private interface Talk {
        void with(Socket socket) throws Exception;
    }

    private void serve(String name, Talk talk) throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(server);
        ports.put(name, server.getLocalPort());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    open.add(socket);
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            talk.with(socket);
                        } catch (Exception _) {
                            // the probers may leave when they like
                        }
                    });
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    /** Says a line and repeats what it hears. */
    private void banner(String name, String line) throws IOException {
        serve(name, socket -> {
            say(socket, line);
            BufferedReader in = reader(socket);
            for (String heard = in.readLine(); heard != null; heard = in.readLine()) {
                say(socket, heard);
            }
        });
    }

    private void silent(String name) throws IOException {
        serve(name, socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }

    private void smtp() throws IOException {
        String pem = Files.readString(folder.resolve("good.pem")) + Files.readString(folder.resolve("good.key"));
        HandshakeCertificates tls = new HandshakeCertificates.Builder()
                .heldCertificate(HeldCertificate.decode(pem))
                .build();
        serve("smtp", socket -> {
            say(socket, "220 mail.parity.example ESMTP ready");
            BufferedReader in = reader(socket);
            in.readLine();
            say(socket, "250-mail.parity.example");
            say(socket, "250-STARTTLS");
            say(socket, "250 HELP");
            in.readLine();
            say(socket, "220 go ahead");
            var secured = (SSLSocket) tls.sslSocketFactory()
                    .createSocket(socket, new ByteArrayInputStream(new byte[0]), true);
            secured.startHandshake();
            reader(secured).readLine();
            say(secured, "250-mail.parity.example");
            say(secured, "250-AUTH PLAIN");
            say(secured, "250 HELP");
            reader(secured).readLine();
        });
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private void grpc(String name, ServerCredentials credentials) throws IOException {
        var health = new HealthStatusManager();
        health.setStatus("pay.v1.Payments", ServingStatus.SERVING);
        health.setStatus("pay.v1.Refunds", ServingStatus.NOT_SERVING);
        Server server = OkHttpServerBuilder.forPort(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
                .addService(health.getHealthService())
                .build()
                .start();
        open.add(server::shutdownNow);
        ports.put(name, server.getPort());
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : List.copyOf(open)) {
            each.close();
        }
        for (Process process : processes) {
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
}
