package dev.gatewatch.probes.tls;

import static dev.gatewatch.probes.tls.Certificates.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSettingsTest {
    private static final HeldCertificate EC = Certificates.server().build();
    private static final HeldCertificate RSA =
            Certificates.server().rsa2048().build();

    @TempDir
    private Path folder;

    @Test
    void nothingWrittenTrustsTheRuntimesAuthorities() {
        TlsSettings settings = Sections.read(TlsSettings.TYPE, Map.of());

        assertThat(settings).isEqualTo(TlsSettings.standard());
        assertThat(settings.trust().anchors()).hasSizeGreaterThan(20);
    }

    @Test
    void aBundleReplacesTheRuntimesAuthorities() throws IOException {
        Path bundle = write(
                folder,
                "ca.pem",
                "# two authorities",
                Certificates.ROOT.certificatePem(),
                "between them",
                Certificates.STRANGER.certificatePem());

        TlsSettings settings = Sections.read(TlsSettings.TYPE, Map.of("trust", bundle));

        assertThat(settings.trust().anchors()).hasSize(2);
        assertThat(settings.trust().contains(Certificates.ROOT.certificate())).isTrue();
    }

    @Test
    void keysOfAllUsualFormsAreRead() throws IOException {
        assertIdentity(EC, EC.privateKeyPkcs8Pem());
        assertIdentity(RSA, RSA.privateKeyPkcs8Pem());
        assertIdentity(RSA, RSA.privateKeyPkcs1Pem());
        assertIdentity(EC, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----", sec1(EC));
    }

    private void assertIdentity(HeldCertificate held, String... keyTexts) throws IOException {
        Path cert = write(folder, "c.pem", held.certificatePem(), Certificates.INTERMEDIATE.certificatePem());
        Path key = write(folder, "k.pem", keyTexts);

        ClientIdentity identity = Sections.read(TlsSettings.TYPE, Map.of("cert", cert, "key", key))
                .identity()
                .orElseThrow();

        assertThat(PrivateKeyPem.belongs(identity.key(), held.keyPair().getPublic()))
                .isTrue();
        assertThat(identity.chain()).hasSize(2);
        assertThat(identity.toString()).isEqualTo("client certificate of CN=Pay");
    }

    @Test
    void whatIsWrongWithAFileIsSaidInWords() throws IOException {
        Path good = write(folder, "good.pem", EC.certificatePem());
        Path key = write(folder, "key.pem", EC.privateKeyPkcs8Pem());
        Path otherKey = write(folder, "other.pem", RSA.privateKeyPkcs8Pem());
        Path text = write(folder, "text.pem", "hello");
        Path damaged = write(folder, "damaged.pem", EC.certificatePem().replace("MII", "MMM").replace("MIIB", "AAAA"));
        Path cut = write(folder, "cut.pem", EC.certificatePem().substring(0, 200));
        Path encrypted = write(
                folder, "enc.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----");
        Path encryptedOfOld = write(
                folder,
                "old.pem",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----");
        Path wrongEc =
                write(folder, "ec.pem", "-----BEGIN EC PRIVATE KEY-----\nMP8B\n-----END EC PRIVATE KEY-----");

        assertProblem(Map.of("trust", text), "text.pem is not a PEM file (no \"-----BEGIN CERTIFICATE-----\" in it)");
        assertProblem(Map.of("trust", key), "key.pem has no certificate in it, but \"PRIVATE KEY\"");
        assertProblem(Map.of("trust", damaged), "certificate 1 in " + damaged + " is damaged");
        assertProblem(Map.of("trust", cut), "cut.pem is cut off: no END line for \"CERTIFICATE\"");
        assertProblem(Map.of("cert", good), "cert and key go together; one of them is missing");
        assertProblem(Map.of("key", key), "cert and key go together; one of them is missing");
        assertProblem(Map.of("cert", good, "key", good), "good.pem has no private key in it, but \"CERTIFICATE\"");
        assertProblem(Map.of("cert", good, "key", otherKey), "does not belong to the certificate in " + good);
        assertProblem(Map.of("cert", good, "key", encrypted), "enc.pem is encrypted; store it without a passphrase");
        assertProblem(Map.of("cert", good, "key", encryptedOfOld), "old.pem is encrypted");
        assertProblem(Map.of("cert", good, "key", wrongEc), "ec.pem is damaged");
        assertProblem(Map.of("trust", folder.resolve("none.pem")), "no such file");
        assertProblem(Map.of("min_version", "TLS11"), "expected one of TLS12, TLS13");
        assertProblem(Map.of("server_name", "https://pay.example"), "expected a host name");
        assertProblem(Map.of("servername", "pay.example"), "did you mean \"server_name\"?");
    }

    private static void assertProblem(Map<String, Object> values, String part) {
        assertThat(Sections.problems(TlsSettings.TYPE, values)).singleElement().asString().contains(part);
    }

    @Test
    void theServerNameStandsForTheTarget() {
        TlsSettings settings = Sections.read(TlsSettings.TYPE, Map.of("server_name", "pay.example"));

        assertThat(settings.nameFor("127.0.0.1")).isEqualTo("pay.example");
        assertThat(TlsSettings.standard().nameFor("127.0.0.1")).isEqualTo("127.0.0.1");
    }

    /** As {@code openssl ecparam -genkey} writes it: SEQUENCE { 1, OCTET STRING, [0] OID prime256v1 }. */
    private static String sec1(HeldCertificate held) {
        BigInteger secret = ((ECPrivateKey) held.keyPair().getPrivate()).getS();
        byte[] magnitude = secret.toByteArray();
        byte[] octets = new byte[32];
        int length = Math.min(32, magnitude.length);
        System.arraycopy(magnitude, magnitude.length - length, octets, 32 - length, length);
        var der = new ByteArrayOutputStream();
        der.writeBytes(HexFormat.of().parseHex("3031020101" + "0420"));
        der.writeBytes(octets);
        der.writeBytes(HexFormat.of().parseHex("a00a06082a8648ce3d030107"));
        Arrays.fill(octets, (byte) 0);
        List<String> lines = List.of(
                "-----BEGIN EC PRIVATE KEY-----",
                Base64.getMimeEncoder().encodeToString(der.toByteArray()),
                "-----END EC PRIVATE KEY-----");
        return String.join("\n", lines);
    }
}
