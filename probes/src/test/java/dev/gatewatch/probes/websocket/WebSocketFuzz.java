package dev.gatewatch.probes.websocket;

import dev.gatewatch.probes.fuzz.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Frames, and the head of the upgrade. */
public final class WebSocketFuzz {
    private WebSocketFuzz() {}

    public static List<Target> targets() {
        return List.of(
                Target.of(
                        "websocket-frames",
                        bytes -> {
                            var frames = new Frames(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream(), 1 << 20);
                            try {
                                while (!(frames.next() instanceof Frames.Event.Close)) {
                                    // until the end
                                }
                            } catch (IOException | Frames.Broken _) {
                                // the end of the stream, or a rule broken
                            }
                        },
                        RawPeer.text("hello"),
                        RawPeer.close(1000, "bye"),
                        RawPeer.frame(0x89, (byte) 1),
                        RawPeer.frame(0x01, (byte) 'a'),
                        new byte[] {(byte) 0x82, 126, 0, 4, 1, 2, 3, 4},
                        new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1, 9}),
                Target.ofText(
                        "http-head",
                        bytes -> {
                            var in = new ByteArrayInputStream(bytes);
                            try {
                                Head.read(in).body(in);
                            } catch (IOException _) {
                                // the end of the stream, or a rule broken
                            }
                        },
                        RawPeer.answer("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Protocol: x\r\n"),
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
    }
}
