package dev.gatewatch.probes.exec;

import dev.gatewatch.probes.fuzz.Target;
import java.util.List;

/** What plugins print. */
public final class ExecFuzz {
    private ExecFuzz() {}

    public static List<Target> targets() {
        return List.of(Target.ofText(
                "plugin-output",
                bytes -> PluginOutput.of(Target.text(bytes)).perfData().values().forEach(PerfValue::toString),
                "DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n/boot 68 MB\n| 'a b'=1c;@10:20;~:5;; x=U y=3,5ms",
                "PING OK|rta=0.080000ms;100.000000;500.000000;0.000000 pl=0%;20;60;0"));
    }
}
