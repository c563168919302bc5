package dev.gatewatch.probes.tlspolicy;

import dev.gatewatch.probes.fuzz.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What servers answer to a ClientHello. */
public final class TlsPolicyFuzz {
    private static final List<Offer> OFFERS = Arrays.stream(Protocol.values()).map(Offer::of).toList();

    private TlsPolicyFuzz() {}

    public static List<Target> targets() {
        String random = "5a".repeat(32);
        byte[] hello12 = bytes("160303 002a 02 000026 0303" + random + "00 c02f 00");
        byte[] hello13 = bytes("160303 0032 02 00002e 0303" + random + "00 1301 00 0006 002b 0002 0304");
        byte[] dh = bytes("160303 0037 02 000026 0303" + random + "00 009e 00" + "0c 000009 0002 ffff 0001 02 0001 03");
        byte[] alert = bytes("150303 0002 0228");
        return List.of(Target.of("tls-server-hello", TlsPolicyFuzz::answer, hello12, hello13, dh, alert));
    }

    private static void answer(byte[] bytes) {
        for (Offer offer : OFFERS) {
            try {
                Answer answer = new ServerAnswer(new ByteArrayInputStream(bytes)).to(offer);
                if (answer instanceof Answer.Alerted(int code)) {
                    Alerts.shown(code);
                    Alerts.words(code);
                }
            } catch (IOException _) {
                // the end of the stream
            }
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
