package dev.gatewatch.probes.websocket;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.net.Failure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import okio.ByteString;

/**
 * The request that asks for a WebSocket, and what its answer must be (RFC 6455, section 4). Immutable; made anew for each connection.
 *
 * @param key a fresh nonce in base64
 */
record Upgrade(String key, ByteString request, List<String> subprotocols) {
    /** RFC 6455, section 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * The request for one connection.
     *
     * @param credential the value of the Authorization header
     */
    static Upgrade of(
            WebSocketUrl url,
            SequencedMap<String, HeaderText> configured,
            Optional<Secret> credential,
            List<String> subprotocols,
            String traceId) {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Host", url.hostHeader());
        headers.put("Upgrade", "websocket");
        headers.put("Connection", "Upgrade");
        headers.put("Sec-WebSocket-Key", key);
        headers.put("Sec-WebSocket-Version", "13");
        if (!subprotocols.isEmpty()) {
            headers.put("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
        }
        headers.put("User-Agent", "Gatewatch");
        headers.put("traceparent", traceparent(traceId));
        credential.ifPresent(c -> headers.put("Authorization", c.reveal()));
        var replaced = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        configured.forEach((name, text) -> replaced.put(name, text.value().reveal()));
        headers.keySet().removeIf(replaced::containsKey);
        configured.forEach((name, text) -> headers.put(name, text.value().reveal()));
        var request = new StringBuilder("GET ").append(url.resource()).append(" HTTP/1.1\r\n");
        headers.forEach((name, value) ->
                request.append(name).append(": ").append(value).append("\r\n"));
        return new Upgrade(key, ByteString.encodeUtf8(request.append("\r\n").toString()), subprotocols);
    }

    /** W3C Trace Context, version 00, sampled. */
    private static String traceparent(String traceId) {
        long span = ThreadLocalRandom.current().nextLong();
        return "00-" + traceId + "-" + HexFormat.of().toHexDigits(span == 0 ? 1 : span) + "-01";
    }

    /** What is wrong with an answer of status 101; nothing where it is a WebSocket now. */
    Optional<Failure> judge(Head head) {
        if (!has(head, "Upgrade", "websocket") || !has(head, "Connection", "upgrade")) {
            return Optional.of(new Failure(
                    Cause.HTTP_VERSION, "the server switches to another protocol than WebSocket: Upgrade: "
                            + head.headers().get("Upgrade")));
        }
        if (!accept().equals(head.headers().get("Sec-WebSocket-Accept"))) {
            return Optional.of(new Failure(
                    Cause.CONTENT_MISMATCH,
                    "the Sec-WebSocket-Accept in the answer does not belong to our key; a cache or proxy may have answered"));
        }
        if (head.headers().get("Sec-WebSocket-Extensions") != null) {
            return Optional.of(new Failure(
                    Cause.CONTENT_MISMATCH,
                    "the server uses an extension that was not offered: "
                            + head.headers().get("Sec-WebSocket-Extensions")));
        }
        return subprotocol(head);
    }

    private Optional<Failure> subprotocol(Head head) {
        String chosen = head.headers().get("Sec-WebSocket-Protocol");
        boolean right = chosen == null ? subprotocols.isEmpty() : subprotocols.contains(chosen);
        if (right) {
            return Optional.empty();
        }
        String offered = subprotocols.isEmpty() ? "none was offered" : "offered: " + String.join(", ", subprotocols);
        return Optional.of(new Failure(
                Cause.CONTENT_MISMATCH,
                (chosen == null ? "the server chose no subprotocol" : "the server chose the subprotocol " + chosen) + "; "
                        + offered));
    }

    private static boolean has(Head head, String header, String token) {
        return head.headers().values(header).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).equals(token));
    }

    private String accept() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "upgrade request of " + request.size() + " bytes";
    }
}
