package dev.gatewatch.probes.dns;

import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.nameserver.DnsPeer;
import dev.gatewatch.probes.nameserver.DnsServers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

final class DnsProbeContractTest extends ProbeContractTest {
    private final List<DnsPeer> peers = new ArrayList<>();

    @AfterEach
    void closePeers() throws Exception {
        for (DnsPeer peer : peers) {
            peer.close();
        }
    }

    @Override
    protected ProbeType type() {
        return new DnsProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return asking(peer(m -> m.addRecord(
                new ARecord(m.getQuestion().getName(), DClass.IN, 60, InetAddress.ofLiteral("203.0.113.10")), Section.ANSWER)));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return asking(peer(m -> m.getHeader().setRcode(Rcode.SERVFAIL)));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return asking("127.0.0.1:" + DnsServers.freePort("127.0.0.1"));
    }

    /** With everything that a probe can ask beside its question. */
    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        var silent = new DnsPeer(_ -> Optional.empty());
        peers.add(silent);
        return Optional.of(Map.of(
                "query", "gateway.example.com",
                "resolvers", List.of(silent.address(), "tcp://" + silent.address()),
                "authority", true,
                "dnssec", Map.of()));
    }

    private static Map<String, Object> asking(String resolver) {
        return Map.of("query", "gateway.example.com", "resolvers", resolver);
    }

    private String peer(Consumer<Message> answer) throws Exception {
        var peer = new DnsPeer(query -> {
            var m = new Message(query.getHeader().getID());
            m.getHeader().setFlag(Flags.QR);
            m.addRecord(query.getQuestion(), Section.QUESTION);
            answer.accept(m);
            return Optional.of(m.toWire());
        });
        peers.add(peer);
        return peer.address();
    }
}
