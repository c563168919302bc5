package dev.gatewatch.probes.callback;

import dev.gatewatch.probes.fuzz.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Requests that come in. */
public final class CallbackFuzz {
    private CallbackFuzz() {}

    public static List<Target> targets() {
        return List.of(Target.ofText(
                "callback-request",
                bytes -> {
                    try {
                        CallbackRequest.read(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream());
                    } catch (IOException | CallbackRequest.Refused _) {
                        // as it may be
                    }
                },
                "POST /cb/1?x=y HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                "POST /cb HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: x\r\n\r\n"));
    }
}
