package dev.gatewatch.probes.fuzz;

import dev.gatewatch.probes.callback.CallbackFuzz;
import dev.gatewatch.probes.certificate.CertificateFuzz;
import dev.gatewatch.probes.dialogue.DialogueFuzz;
import dev.gatewatch.probes.drift.DriftFuzz;
import dev.gatewatch.probes.exec.ExecFuzz;
import dev.gatewatch.probes.expect.ExpectFuzz;
import dev.gatewatch.probes.httpclient.HttpClientFuzz;
import dev.gatewatch.probes.icmp.IcmpFuzz;
import dev.gatewatch.probes.instances.InstancesFuzz;
import dev.gatewatch.probes.nameserver.NameserverFuzz;
import dev.gatewatch.probes.oauth.OAuthFuzz;
import dev.gatewatch.probes.permissions.PermissionsFuzz;
import dev.gatewatch.probes.resources.ResourcesFuzz;
import dev.gatewatch.probes.revocation.RevocationFuzz;
import dev.gatewatch.probes.tls.TlsFuzz;
import dev.gatewatch.probes.tlspolicy.TlsPolicyFuzz;
import dev.gatewatch.probes.trace.TraceFuzz;
import dev.gatewatch.probes.websocket.WebSocketFuzz;
import java.util.List;
import java.util.stream.Stream;

/** All that reads untrusted bytes. */
final class Targets {
    private static final List<Target> ALL = make();

    private Targets() {}

    static List<Target> all() {
        return ALL;
    }

    static Target named(String name) {
        return ALL.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<Target> make() {
        try {
            return Stream.of(
                            HttpClientFuzz.targets(),
                            ExpectFuzz.targets(),
                            NameserverFuzz.targets(),
                            TlsPolicyFuzz.targets(),
                            TlsFuzz.targets(),
                            CertificateFuzz.targets(),
                            RevocationFuzz.targets(),
                            ResourcesFuzz.targets(),
                            ExecFuzz.targets(),
                            IcmpFuzz.targets(),
                            TraceFuzz.targets(),
                            DriftFuzz.targets(),
                            OAuthFuzz.targets(),
                            InstancesFuzz.targets(),
                            PermissionsFuzz.targets(),
                            WebSocketFuzz.targets(),
                            DialogueFuzz.targets(),
                            CallbackFuzz.targets(),
                            ConfigFuzz.targets(),
                            PeerFuzz.targets())
                    .flatMap(List::stream)
                    .toList();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
