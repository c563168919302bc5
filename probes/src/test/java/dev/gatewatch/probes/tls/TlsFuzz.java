package dev.gatewatch.probes.tls;

import dev.gatewatch.probes.fuzz.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates and keys in files. */
public final class TlsFuzz {
    private static final Path FILE = Path.of("x.pem");

    private TlsFuzz() {}

    public static List<Target> targets() throws Exception {
        var held = Certificates.serverFor(-1, 90);
        String all = held.certificatePem() + held.privateKeyPkcs8Pem();
        Path file = Files.createTempFile("fuzz", ".pem");
        file.toFile().deleteOnExit();
        return List.of(
                Target.of(
                        "certificate-file",
                        bytes -> {
                            for (X509Certificate each : CertificateFile.of(FILE, bytes).certificates()) {
                                ChainJudge.judge(
                                        List.of(each),
                                        Certificates.HOST,
                                        TrustAnchors.of(List.of(Certificates.INTERMEDIATE.certificate())),
                                        Certificates.NOW);
                                HostNames.all(each);
                                ChainFacts.describe(List.of(each));
                                ChainFacts.fingerprint(each);
                                ChainJudge.shortName(each);
                            }
                            CertificateFile.holdsSealedKey(FILE, bytes);
                        },
                        all.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        held.certificate().getEncoded()),
                Target.ofText(
                        "private-key",
                        bytes -> {
                            Files.write(file, bytes);
                            try {
                                PrivateKeyPem.read(file);
                            } catch (PemException _) {
                                // as it may be
                            }
                        },
                        held.privateKeyPkcs8Pem(),
                        "-----BEGIN RSA PRIVATE KEY-----\nMAMCAQA=\n-----END RSA PRIVATE KEY-----\n",
                        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIA==\n-----END EC PRIVATE KEY-----\n"));
    }
}
