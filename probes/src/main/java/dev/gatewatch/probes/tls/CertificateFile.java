package dev.gatewatch.probes.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What a file of certificates holds: PEM with any number of them, DER with one, or PKCS#7 in either form. Immutable.
 *
 * @param certificates in the order of the file; empty for a file of something else
 * @param damaged what cannot be read, each in words; empty for a sound file
 * @param openKey whether a private key that is not encrypted stands in it
 */
public record CertificateFile(List<X509Certificate> certificates, List<String> damaged, boolean openKey) {
    private static final Set<String> CERTIFICATE = Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");
    private static final Set<String> PKCS7 = Set.of("PKCS7", "CMS");
    /** The first byte of all DER that matters here. */
    private static final byte SEQUENCE = 0x30;

    public CertificateFile {
        certificates = List.copyOf(certificates);
        damaged = List.copyOf(damaged);
    }

    /** Reads a file's content; never fails, as what is wrong with it is part of the answer. */
    public static CertificateFile of(Path file, byte[] content) {
        if (content.length > 0 && content[0] == SEQUENCE) {
            return ofDer(content);
        }
        var certificates = new ArrayList<X509Certificate>();
        var damaged = new ArrayList<String>();
        boolean openKey = false;
        try {
            int number = 0;
            for (Pem.Block block : Pem.parse(file, new String(content, StandardCharsets.ISO_8859_1))) {
                openKey |= isOpenKey(block);
                if (!CERTIFICATE.contains(block.label()) && !PKCS7.contains(block.label())) {
                    continue;
                }
                number++;
                try {
                    certificates.addAll(parse(block.der(), PKCS7.contains(block.label())));
                } catch (CertificateException _) {
                    damaged.add("certificate " + number + " in " + file + " is damaged");
                }
            }
        } catch (PemException e) {
            damaged.add(e.getMessage());
        }
        return new CertificateFile(certificates, damaged, openKey);
    }

    /** Whether a file's content is a private key that only a passphrase opens. */
    public static boolean holdsSealedKey(Path file, byte[] content) {
        try {
            return Pem.parse(file, new String(content, StandardCharsets.ISO_8859_1)).stream()
                    .anyMatch(b -> b.label().endsWith("PRIVATE KEY") && !isOpenKey(b));
        } catch (PemException _) {
            return false;
        }
    }

    private static boolean isOpenKey(Pem.Block block) {
        return block.label().endsWith("PRIVATE KEY")
                && !block.label().equals("ENCRYPTED PRIVATE KEY")
                && !block.hasHeaders();
    }

    private static CertificateFile ofDer(byte[] der) {
        for (boolean bundle : new boolean[] {false, true}) {
            try {
                List<X509Certificate> certificates = parse(der, bundle);
                if (!certificates.isEmpty()) {
                    return new CertificateFile(certificates, List.of(), false);
                }
            } catch (CertificateException _) {
                // not in this form
            }
        }
        return new CertificateFile(List.of(), List.of(), false);
    }

    /** The JDK's parser tells of hostile input by exceptions of many kinds. */
    private static List<X509Certificate> parse(byte[] der, boolean bundle) throws CertificateException {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var in = new ByteArrayInputStream(der);
            Collection<? extends Certificate> read =
                    bundle ? factory.generateCertificates(in) : List.of(factory.generateCertificate(in));
            return read.stream()
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (RuntimeException e) {
            throw new CertificateException("not a certificate", e);
        }
    }
}
