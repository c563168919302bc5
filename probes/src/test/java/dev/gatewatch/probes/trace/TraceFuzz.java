package dev.gatewatch.probes.trace;

import dev.gatewatch.probes.fuzz.Target;
import java.net.InetAddress;
import java.util.List;

/** Lines of {@code traceroute}. */
public final class TraceFuzz {
    private TraceFuzz() {}

    public static List<Target> targets() {
        return List.of(Target.ofText(
                "traceroute-line",
                bytes -> TracerouteProgram.hop(Target.text(bytes), InetAddress.getLoopbackAddress()),
                " 3  10.0.2.1  0.512 ms !N",
                " 4  *",
                "12  2001:db8::1  12.3 ms !X"));
    }
}
