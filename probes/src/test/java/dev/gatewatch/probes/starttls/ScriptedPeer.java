package dev.gatewatch.probes.starttls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatewatch.probes.net.LocalServer;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A server that follows a script of bytes: {@code S:} lines are sent, {@code C:} lines must come exactly so. Texts as ISO 8859-1, where
 * {@code \r\n} is written as such; {@code 0x…} stands for hex. What it was sent wrongly is in {@link #complaints}.
 */
public final class ScriptedPeer {
    private final List<String> script;
    private final LocalServer.Talk afterwards;
    private final List<String> complaints = new ArrayList<>();

    public ScriptedPeer(LocalServer.Talk afterwards, String... script) {
        this.script = List.of(script);
        this.afterwards = afterwards;
    }

    public void with(Socket socket) throws Exception {
        for (String line : script) {
            byte[] bytes = bytes(line.substring(2));
            if (line.startsWith("S:")) {
                for (byte b : bytes) { // as small segments as there are
                    socket.getOutputStream().write(b);
                    socket.getOutputStream().flush();
                }
            } else if (!expects(socket, bytes)) {
                return;
            }
        }
        afterwards.with(socket);
    }

    private boolean expects(Socket socket, byte[] wanted) throws IOException {
        byte[] got = socket.getInputStream().readNBytes(wanted.length);
        if (!java.util.Arrays.equals(got, wanted)) {
            synchronized (complaints) {
                complaints.add("wanted " + new String(wanted, ISO_8859_1) + ", got " + new String(got, ISO_8859_1));
            }
            return false;
        }
        return true;
    }

    public List<String> complaints() {
        synchronized (complaints) {
            return List.copyOf(complaints);
        }
    }

    private static byte[] bytes(String text) {
        return text.startsWith("0x")
                ? HexFormat.of().parseHex(text.substring(2))
                : text.replace("\\r", "\r").replace("\\n", "\n").getBytes(ISO_8859_1);
    }
}
