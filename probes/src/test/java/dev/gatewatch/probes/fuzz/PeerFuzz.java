package dev.gatewatch.probes.fuzz;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;

/** Whole probes, against a server that answers every connection with the input, in pieces, and closes. */
final class PeerFuzz {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Beyond the deadline, on a busy machine. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private PeerFuzz() {}

    static List<Target> targets() throws IOException {
        var alert = HexFormat.of().parseHex("15030300020228");
        return List.of(
                of(
                        "http",
                        "url",
                        "http://%s/",
                        Map.of("expect", Map.of("json", Map.of("$.status", "UP"), "body", Map.of("matches", "U+P"))),
                        text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"UP\"}"),
                        text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{\"status\":\"UP\"}\r\n0\r\n\r\n"),
                        text("HTTP/1.1 302 Found\r\nLocation: /x\r\nSet-Cookie: a=b; Path=/; Max-Age=3\r\n\r\n"),
                        text("HTTP/1.1 401 U\r\nWWW-Authenticate: Digest realm=\"x\", nonce=\"y\"\r\n\r\n"),
                        joined(
                                text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"),
                                HexFormat.of().parseHex("1f8b08000000000000034b4c4a06004241243503000000")),
                        joined(text("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n"), HexFormat.of().parseHex("0b018061626303"))),
                of(
                        "tcp",
                        "target",
                        "%s",
                        Map.of("dialogue", List.of(
                                Map.of("expect", "^220 (?P<name>[a-z.]+)"), Map.of("send", "EHLO x"), Map.of("expect", "^250 OK"))),
                        text("220 mail.example ESMTP\r\n250-A\r\n250 OK\r\n")),
                of("tcp", "target", "%s", Map.of("starttls", "smtp"), text("220 x\r\n250-y\r\n250 STARTTLS\r\n220 go\r\n")),
                of("tcp", "target", "%s", Map.of("starttls", "imap"), text("* OK x\r\na1 CAPABILITY\r\na1 OK\r\n")),
                of(
                        "tcp",
                        "target",
                        "%s",
                        Map.of("starttls", "ldap"),
                        HexFormat.of().parseHex("300c02010178070a010004000400")),
                of("certificate", "target", "%s", Map.of(), alert, text("HTTP/1.1 400 Bad Request\r\n\r\n")),
                of("tls_policy", "target", "%s", Map.of(), alert, text("SSH-2.0-OpenSSH_9.2\r\n")),
                of(
                        "websocket",
                        "url",
                        "ws://%s/",
                        Map.of(),
                        text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")),
                of(
                        "grpc",
                        "target",
                        "%s",
                        Map.of(),
                        HexFormat.of().parseHex("000000040000000000000000040100000000000004050000000188c0c1c2"),
                        text("HTTP/1.1 400 Bad Request\r\n\r\n")),
                of(
                        "dns",
                        "query",
                        "pay.example",
                        Map.of("resolvers", List.of("tcp://%s")),
                        HexFormat.of().parseHex("001d1234818000010000000000000370617907657861" + "6d706c650000010001")));
    }

    private static Target of(String type, String key, String address, Map<String, Object> more, byte[]... seeds) throws IOException {
        var said = new AtomicReference<byte[]>(new byte[0]);
        LocalServer server = LocalServer.start(socket -> say(socket, said.get()));
        var config = new java.util.LinkedHashMap<String, Object>();
        config.put(key, address.formatted(server.address()));
        more.forEach((k, v) -> config.put(k, v.equals(List.of("tcp://%s")) ? List.of("tcp://" + server.address()) : v));
        ProbeType probeType = ServiceLoader.load(ProbeType.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(t -> t.name().equals(type))
                .findFirst()
                .orElseThrow();
        Probe probe = Sections.probe(probeType, config);
        String name = type + "-peer" + (more.get("starttls") instanceof String protocol ? "-" + protocol : "");
        return Target.of(
                name,
                bytes -> {
                    said.set(bytes);
                    long start = System.nanoTime();
                    Report report = Runs.once(probe, TIMEOUT);
                    if (report.cause().filter(Cause.INTERNAL_ERROR::equals).isPresent()) {
                        throw new AssertionError("internal_error: " + report.message() + " " + report.evidence());
                    }
                    if (System.nanoTime() - start > TIMEOUT.plus(GRACE).toNanos()) {
                        throw new AssertionError("ended after its deadline: " + report.message());
                    }
                },
                seeds);
    }

    private static void say(Socket socket, byte[] bytes) throws IOException {
        socket.setTcpNoDelay(true);
        OutputStream out = socket.getOutputStream();
        int pieces = bytes.length == 0 ? 1 : 1 + (bytes[0] & 3);
        for (int i = 0; i < pieces; i++) {
            int from = bytes.length * i / pieces;
            out.write(bytes, from, bytes.length * (i + 1) / pieces - from);
            out.flush();
        }
        // a goodbye that does not overtake what was said, whatever is still unread here
        socket.shutdownOutput();
        socket.setSoTimeout(50);
        LocalServer.drain(socket);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] all = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
