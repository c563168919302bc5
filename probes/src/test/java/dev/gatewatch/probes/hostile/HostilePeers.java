package dev.gatewatch.probes.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.revocation.Answers;
import dev.gatewatch.probes.revocation.Peer;
import dev.gatewatch.probes.revocation.Pki;
import dev.gatewatch.probes.revocation.WebPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** One server for each way in which a peer can be hostile, with the probe that meets it. */
final class HostilePeers implements AutoCloseable {
    private static final byte[] KILOBYTES = "x".repeat(8_192).getBytes(US_ASCII);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Meeting> meetings = new ArrayList<>();
    private final Path folder;

    /**
     * A probe and its peer.
     *
     * @param config of a probe of the type
     * @param causes any of which the run may end in
     */
    record Meeting(String name, String type, Map<String, Object> config, Set<Cause> causes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private HostilePeers(Path folder) {
        this.folder = folder;
    }

    /** All of them, listening. */
    static HostilePeers start(Path folder) throws Exception {
        var peers = new HostilePeers(folder);
        peers.http();
        peers.resets();
        peers.otherProtocols();
        peers.dns();
        peers.certificates();
        return peers;
    }

    List<Meeting> meetings() {
        return List.copyOf(meetings);
    }

    private void http() throws Exception {
        web("endless-headers", head("").substring(0, 17), Set.of(Cause.BODY_TOO_LARGE), out -> {
            byte[] line = ("X-Filler: " + "x".repeat(1_000) + "\r\n").getBytes(US_ASCII);
            forever(() -> out.write(line));
        });
        web("one-header-of-100-MB", "HTTP/1.1 200 OK\r\nX-Long: ", Set.of(Cause.BODY_TOO_LARGE), HostilePeers::hundredMegabytes);
        web("dripping-headers", "HTTP/1.1 200 OK\r\nX-Slow: ", Set.of(Cause.RESPONSE_TIMEOUT), HostilePeers::drip);
        web("dripping-body", head("Content-Length: 100000\r\n"), Set.of(Cause.BODY_TIMEOUT), HostilePeers::drip);
        web("endless-body", head(""), Set.of(Cause.BODY_TOO_LARGE), out -> forever(() -> out.write(KILOBYTES)));
        web("line-of-100-MB", head(""), Set.of(Cause.BODY_TOO_LARGE), HostilePeers::hundredMegabytes);
        byte[] bomb = gzipped(512 << 20);
        web("gzip-bomb", head("Content-Encoding: gzip\r\n"), Set.of(Cause.BODY_TOO_LARGE), out -> out.write(bomb));
        byte[] deep = ("[".repeat(10_000) + "]".repeat(10_000)).getBytes(US_ASCII);
        web("json-10000-deep", head(""), Set.of(Cause.JSON_INVALID), out -> out.write(deep));
        byte[] huge = ("{\"status\":1e" + "9".repeat(30) + "}").getBytes(US_ASCII);
        web("json-number-without-bounds", head(""), Set.of(Cause.JSON_INVALID), out -> out.write(huge));
        web("interim-answers-without-end", "", Set.of(Cause.BODY_TOO_LARGE), out -> {
            byte[] early = "HTTP/1.1 103 Early Hints\r\n\r\n".getBytes(US_ASCII);
            forever(() -> out.write(early));
        });
        web("redirects-without-end", "", Set.of(Cause.REDIRECT_LIMIT), out -> out.write(
                ("HTTP/1.1 302 Found\r\nLocation: /" + System.nanoTime() + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                        .getBytes(US_ASCII)));
        LocalServer metrics = server(socket -> {
            OutputStream out = answering(socket, head("Content-Type: text/plain\r\n"));
            forever(() -> out.write("m{a=\"x\"} 1\n".repeat(500).getBytes(US_ASCII)));
        });
        meet("endless-metrics", "resources", Map.of("url", url(metrics), "values", Map.of("v", "m")), Cause.BODY_TOO_LARGE);
    }

    private void resets() throws Exception {
        for (var stage : Map.of(
                        "reset-before-the-answer", "",
                        "reset-within-the-headers", "HTTP/1.1 200 OK\r\nX-Half: ",
                        "reset-within-the-body", head("Content-Length: 100\r\n") + "half")
                .entrySet()) {
            LocalServer server = server(socket -> {
                answering(socket, stage.getValue());
                LocalServer.reset(socket);
            });
            meet(stage.getKey(), "http", Map.of("url", url(server)), Cause.CONNECTION_RESET, Cause.BODY_TRUNCATED);
        }
        LocalServer atOnce = server(LocalServer::reset);
        meet("reset-at-once", "tcp", Map.of("target", atOnce.address(), "dialogue", List.of(Map.of("expect", "x"))),
                Cause.CONNECTION_RESET);
        LocalServer inHandshake = server(socket -> {
            socket.getInputStream().read(new byte[5]);
            LocalServer.reset(socket);
        });
        meet("reset-in-the-handshake", "certificate", Map.of("target", inHandshake.address()), Cause.CONNECTION_RESET);
        LocalServer silent = LocalServer.silent();
        open.push(silent::close);
        meet("silence", "http", Map.of("url", url(silent)), Cause.RESPONSE_TIMEOUT);
        meet("silence-in-the-handshake", "certificate", Map.of("target", silent.address()), Cause.RESPONSE_TIMEOUT);
    }

    private void otherProtocols() throws Exception {
        LocalServer garbage = server(socket -> {
            byte[] noise = new byte[64 << 10];
            new java.util.Random(1).nextBytes(noise);
            socket.getOutputStream().write(noise);
            LocalServer.drain(socket);
        });
        meet("garbage-for-tls", "http", Map.of("url", "https://" + garbage.address() + "/"), Cause.TLS_HANDSHAKE);
        meet("garbage-for-a-certificate", "certificate", Map.of("target", garbage.address()), Cause.TLS_HANDSHAKE);
        meet("garbage-for-grpc", "grpc", Map.of("target", garbage.address()),
                Cause.HTTP_VERSION, Cause.CONNECTION_RESET, Cause.CONTENT_MISMATCH);
        LocalServer talker = server(socket -> hundredMegabytes(socket.getOutputStream()));
        meet("line-of-100-MB-over-tcp", "tcp",
                Map.of("target", talker.address(), "dialogue", List.of(Map.of("expect", "^220 "))),
                Cause.CONTENT_MISMATCH);
        meet("line-of-100-MB-before-starttls", "tcp", Map.of("target", talker.address(), "starttls", "smtp"),
                Cause.CONTENT_MISMATCH, Cause.TLS_HANDSHAKE);
    }

    private void dns() throws IOException {
        DatagramSocket wrong = datagrams((socket, asked) -> {
            for (int i = 0; i < 100; i++) {
                byte[] answer = java.util.Arrays.copyOf(asked.getData(), asked.getLength());
                answer[0] ^= (byte) (1 + i % 200);
                answer[2] |= (byte) 0x80;
                socket.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
            }
        });
        meet("dns-wrong-ids", "dns",
                Map.of("query", "pay.example", "resolvers", List.of("127.0.0.1:" + wrong.getLocalPort())),
                Cause.DNS_TIMEOUT);
        DatagramSocket loops = datagrams((socket, asked) -> {
            byte[] answer = java.util.Arrays.copyOf(asked.getData(), asked.getLength() + 16);
            answer[2] |= (byte) 0x80;
            answer[7] = 1; // one answer, whose name points to itself
            answer[asked.getLength()] = (byte) 0xc0;
            answer[asked.getLength() + 1] = (byte) asked.getLength();
            socket.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
        });
        meet("dns-compression-loop", "dns",
                Map.of("query", "pay.example", "resolvers", List.of("127.0.0.1:" + loops.getLocalPort())),
                Cause.DNS_MISMATCH);
    }

    private void certificates() throws Exception {
        Pki.Held root = Pki.root("Hostile Root");
        String trust = Files.writeString(folder.resolve("root.pem"), root.pem()).toString();
        Pki.Held leaf = Pki.maker("Pay").local().signedBy(root);
        Peer server = Peer.server(folder, leaf, List.of(), Optional.empty());
        open.push(server);
        WebPeer list = WebPeer.serving(
                Answers.bigList(root, 20 << 20, leaf.certificate().getSerialNumber().longValueExact()));
        open.push(list);
        meet("crl-of-20-MB", "certificate",
                Map.of("target", server.address(), "trust", trust, "revocation",
                        Map.of("ocsp", "off", "crl", "hard", "crl_urls", list.url("/"))),
                Cause.CERT_REVOKED, Cause.OCSP_UNAVAILABLE);
        var many = Pki.maker("Many").local();
        for (int i = 0; i < 10_000; i++) {
            many.named("host-" + i + ".example");
        }
        Peer crowded = Peer.server(folder, many.signedBy(root), List.of(), Optional.empty());
        open.push(crowded);
        meet("certificate-of-10000-names", "certificate", Map.of("target", crowded.address(), "trust", trust),
                Cause.TLS_HANDSHAKE);
    }

    private interface Says {
        void to(OutputStream out) throws Exception;
    }

    private interface AnswersTo {
        void to(DatagramSocket socket, DatagramPacket asked) throws IOException;
    }

    private interface Step {
        void go() throws IOException;
    }

    /** An http probe that looks at JSON, and a server that says this and more to each request. */
    private void web(String name, String head, Set<Cause> causes, Says more) throws IOException {
        LocalServer server = server(socket -> more.to(answering(socket, head)));
        meetings.add(new Meeting(
                name, "http", Map.of("url", url(server), "expect", Map.of("json", Map.of("$.status", "UP"))), causes));
    }

    private void meet(String name, String type, Map<String, Object> config, Cause... causes) {
        meetings.add(new Meeting(name, type, config, Set.of(causes)));
    }

    private LocalServer server(LocalServer.Talk talk) throws IOException {
        LocalServer server = LocalServer.start(talk);
        open.push(server::close);
        return server;
    }

    private DatagramSocket datagrams(AnswersTo answers) throws SocketException {
        var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        open.push(socket);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var asked = new DatagramPacket(new byte[1_500], 1_500);
                    socket.receive(asked);
                    answers.to(socket, asked);
                }
            } catch (IOException _) {
                // closed
            }
        });
        return socket;
    }

    private static String url(LocalServer server) {
        return "http://" + server.address() + "/";
    }

    private static String head(String more) {
        return "HTTP/1.1 200 OK\r\n" + more + "\r\n";
    }

    /** Reads the head of a request, then says the beginning of an answer. */
    private static OutputStream answering(Socket socket, String beginning) throws IOException {
        InputStream in = socket.getInputStream();
        for (int row = 0; row < 4; ) {
            int c = in.read();
            if (c < 0) {
                break;
            }
            row = c == '\r' || c == '\n' ? row + 1 : 0;
        }
        OutputStream out = socket.getOutputStream();
        out.write(beginning.getBytes(US_ASCII));
        return out;
    }

    private static void forever(Step step) throws IOException {
        while (true) {
            step.go();
        }
    }

    private static void hundredMegabytes(OutputStream out) throws IOException {
        for (int i = 0; i < (100 << 20) / KILOBYTES.length; i++) {
            out.write(KILOBYTES);
        }
    }

    private static void drip(OutputStream out) throws Exception {
        while (true) {
            out.write('x');
            out.flush();
            Thread.sleep(20);
        }
    }

    private static byte[] gzipped(int size) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < size >> 20; i++) {
                out.write(zeros);
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
