package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.fuzz.Target;
import dev.gatewatch.probes.tls.Certificates;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Key stores. */
public final class CertificateFuzz {
    private CertificateFuzz() {}

    public static List<Target> targets() throws Exception {
        Path file = Files.createTempFile("fuzz", ".store");
        file.toFile().deleteOnExit();
        Run run = Runs.run(Duration.ofHours(1), Clock.systemUTC());
        return List.of(Target.of(
                "keystore",
                bytes -> {
                    Files.write(file, bytes);
                    new KeyStoreFile(file, Optional.of(new Secret("changeit")), KeyStoreFile.Type.AUTO).read(run, new Concerns());
                },
                store("PKCS12"),
                store("JKS")));
    }

    private static byte[] store(String type) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setCertificateEntry("ca", Certificates.ROOT.certificate());
        var out = new ByteArrayOutputStream();
        store.store(out, "changeit".toCharArray());
        return out.toByteArray();
    }
}
