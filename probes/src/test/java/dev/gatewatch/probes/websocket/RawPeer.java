package dev.gatewatch.probes.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.probes.net.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Base64;

/** A WebSocket server of a few lines that may break every rule. */
final class RawPeer {
    private RawPeer() {}

    /** What to say after the upgrade. */
    @FunctionalInterface
    interface Talk {
        void with(Socket socket, OutputStream out) throws Exception;
    }

    /** Upgrades properly, then talks. */
    static LocalServer upgraded(Talk talk) throws IOException {
        return LocalServer.start(socket -> {
            String key = key(socket);
            OutputStream out = socket.getOutputStream();
            out.write(answer(accept(key), "").getBytes(UTF_8));
            talk.with(socket, out);
        });
    }

    static String answer(String accept, String more) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept
                + "\r\n" + more + "\r\n";
    }

    /** Reads the request's head. */
    static String key(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        String key = "";
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.startsWith("Sec-WebSocket-Key: ")) {
                key = line.substring("Sec-WebSocket-Key: ".length());
            }
        }
        return key;
    }

    static String accept(String key) throws Exception {
        byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(UTF_8);
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    }

    /** One frame with a short payload. */
    static byte[] frame(int first, byte... payload) {
        byte[] frame = new byte[payload.length + 2];
        frame[0] = (byte) first;
        frame[1] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 2, payload.length);
        return frame;
    }

    static byte[] text(String text) {
        return frame(0x81, text.getBytes(UTF_8));
    }

    static byte[] close(int code, String reason) {
        byte[] words = reason.getBytes(UTF_8);
        byte[] payload = new byte[words.length + 2];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(words, 0, payload, 2, words.length);
        return frame(0x88, payload);
    }
}
