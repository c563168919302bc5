package dev.gatewatch.probes.icmp;

import dev.gatewatch.probes.fuzz.Target;
import dev.gatewatch.probes.nativenet.Family;
import java.util.List;

/** Packets from the network. */
public final class IcmpFuzz {
    private IcmpFuzz() {}

    public static List<Target> targets() {
        byte[] four = new EchoPacket(Family.IP4, 7, 42, 56).request(3);
        byte[] reply = four.clone();
        reply[0] = 0;
        return List.of(Target.of("icmp-packet", IcmpFuzz::packet, four, reply, new EchoPacket(Family.IP6, 7, 42, 56).request(3)));
    }

    private static void packet(byte[] bytes) {
        for (Family family : Family.values()) {
            var packet = new EchoPacket(family, 7, 42, 56);
            for (boolean any : new boolean[] {true, false}) {
                packet.sequence(bytes, any);
                packet.quoted(bytes, any);
            }
            packet.intact(bytes);
            packet.foreign(bytes);
        }
    }
}
