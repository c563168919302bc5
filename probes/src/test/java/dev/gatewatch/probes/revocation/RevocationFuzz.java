package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.fuzz.Target;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Revocation lists and OCSP answers. */
public final class RevocationFuzz {
    private RevocationFuzz() {}

    public static List<Target> targets() {
        Pki.Held root = Pki.root("Fuzz Root");
        Pki.Held held = Pki.maker("pay.example").serial(4711).signedBy(root);
        byte[] list = Answers.list(root, 4711, 5, 6);
        byte[] answer = new Answers.Ocsp(held.certificate(), root).signedBy(root, root.certificate()).der();
        return List.of(
                Target.of("crl", bytes -> crl(bytes, held.certificate(), root.certificate()), list, Answers.list(root)),
                Target.of(
                        "ocsp",
                        bytes -> OcspJudge.judge(
                                bytes, held.certificate(), root.certificate(), Instant.now(), Optional.of(new byte[8]), "the answer"),
                        answer,
                        Answers.error(2)),
                Target.of(
                        "der",
                        bytes -> {
                            try {
                                DerCursor.check(bytes);
                            } catch (DerException _) {
                                // as it may be
                            }
                        },
                        list,
                        answer));
    }

    private static void crl(byte[] bytes, X509Certificate certificate, X509Certificate issuer) {
        try {
            Crl crl = Crl.parse(bytes);
            Deadline deadline = Deadline.after(Duration.ofSeconds(10));
            crl.issuer();
            crl.find(BigInteger.valueOf(4711), deadline);
            CrlJudge.signatureFault(crl, issuer, "the list", deadline);
            CrlJudge.judge(crl, certificate, List.of(), Instant.now(), "the list", deadline);
        } catch (DerException _) {
            // as it may be
        } catch (InterruptedIOException e) {
            throw new AssertionError("a small list takes seconds", e);
        }
    }
}
