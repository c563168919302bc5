package dev.gatewatch.probes.dialogue;

import com.google.re2j.Pattern;
import dev.gatewatch.probes.fuzz.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** What a peer of a dialogue says, in pieces of any length. */
public final class DialogueFuzz {
    private static final Pattern PATTERN = Pattern.compile("(?P<code>[0-9]{3}) (é|.)+x$");

    private DialogueFuzz() {}

    public static List<Target> targets() {
        return List.of(Target.ofText(
                "dialogue",
                DialogueFuzz::read,
                "220 mail.example ESMTP x\r\n250-A\r\n250 B é x\r\n",
                "* OK [CAPABILITY IMAP4rev1] ready\r\nno line end"));
    }

    private static void read(byte[] bytes) throws IOException {
        var received = new Received();
        InputStream pieces = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int from, int most) {
                // the lengths of the pieces come from the input, too; at least a hundredth of it
                int piece = pos < count ? 1 + (buf[pos] & 0x3f) + count / 100 : 1;
                return super.read(into, from, Math.min(most, piece));
            }
        };
        while (!received.isFull() && received.readFrom(pieces)) {
            received.findInLines(PATTERN);
        }
        received.findInStream(PATTERN);
        received.findInRest(PATTERN);
        received.shown();
        received.unmatchedHead(80);
        received.unmatchedHex(16);
    }
}
