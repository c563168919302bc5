package dev.gatewatch.probes.grpc;

import static dev.gatewatch.probes.tls.Certificates.INTERMEDIATE;
import static dev.gatewatch.probes.tls.Certificates.NOW;
import static dev.gatewatch.probes.tls.Certificates.ROOT;
import static dev.gatewatch.probes.tls.Certificates.serverFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.tls.Certificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy stands before most gRPC servers; this one is real. */
class GrpcThroughNginxTest {
    @TempDir
    private Path folder;

    @Test
    void aProxyIsPassedAndItsOwnAnswersAreTold() throws Exception {
        HeldCertificate own = serverFor(-60, 30);
        Path cert = Certificates.write(
                folder, "cert.pem", own.certificatePem(), INTERMEDIATE.certificatePem());
        Path key = Certificates.write(folder, "key.pem", own.privateKeyPkcs8Pem());
        Path trust = Certificates.write(folder, "ca.pem", ROOT.certificatePem());
        int secure = LocalServer.closedPort();
        int dead = LocalServer.closedPort();
        int old = LocalServer.closedPort();
        int routeless = LocalServer.closedPort();
        try (var servers = new GrpcServers();
                var _ = Nginx.start(
                        folder,
                        """
                        server { listen 127.0.0.1:%d ssl http2; ssl_certificate %s; ssl_certificate_key %s;
                                 location / { grpc_pass grpc://%s; } }
                        server { listen 127.0.0.1:%d http2; location / { grpc_pass grpc://127.0.0.1:%d; } }
                        server { listen 127.0.0.1:%d; }
                        server { listen 127.0.0.1:%d http2; }
                        """.formatted(
                                        secure,
                                        cert,
                                        key,
                                        servers.plain(GrpcServers.health()),
                                        dead,
                                        LocalServer.closedPort(),
                                        old,
                                        routeless),
                        routeless)) {
            Map<String, Object> tls = Map.of("trust", trust.toString());

            Report passed = probe(Map.of("target", "127.0.0.1:" + secure, "tls", tls, "service", "pay.v1.Payments"));
            Report down = probe(Map.of("target", "127.0.0.1:" + secure, "tls", tls, "service", "pay.v1.Refunds"));
            Report unknown = probe(Map.of("target", "127.0.0.1:" + secure, "tls", tls, "service", "pay.v0.Gone"));
            Report upstreamDead = probe(Map.of("target", "127.0.0.1:" + dead));
            Report http11 = probe(Map.of("target", "127.0.0.1:" + old));
            Report notFound = probe(Map.of("target", "127.0.0.1:" + routeless));

            assertThat(passed.outcome()).as(passed.toString()).isEqualTo(Outcome.PASS);
            assertThat(down.cause()).contains(Cause.HEALTH_DOWN);
            assertThat(unknown.cause()).contains(Cause.REQUEST_INVALID);
            assertThat(upstreamDead.cause()).as(upstreamDead.toString()).contains(Cause.HTTP_STATUS);
            assertThat(upstreamDead.message()).contains("HTTP 502");
            assertThat(http11.cause()).as(http11.toString()).contains(Cause.HTTP_VERSION);
            assertThat(notFound.cause()).as(notFound.toString()).contains(Cause.HTTP_STATUS);
        }
    }

    private static Report probe(Map<String, Object> config) throws Exception {
        try (Probe probe = Sections.probe(new GrpcProbeType(), config)) {
            return probe.run(Runs.run(Duration.ofSeconds(20), new FakeClock(NOW)));
        }
    }
}
