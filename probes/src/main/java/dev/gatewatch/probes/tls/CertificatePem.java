package dev.gatewatch.probes.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates from a PEM file. */
final class CertificatePem {
    private CertificatePem() {}

    /** All certificates in the order of the file, at least one. */
    static List<X509Certificate> read(Path file) throws PemException {
        var certificates = new ArrayList<X509Certificate>();
        List<Pem.Block> blocks = Pem.read(file);
        for (Pem.Block block : blocks) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                certificates.add(parse(file, block.der(), certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new PemException(
                    blocks.isEmpty()
                            ? file + " is not a PEM file (no \"-----BEGIN CERTIFICATE-----\" in it)"
                            : file + " has no certificate in it, but \"" + blocks.getFirst().label() + "\"");
        }
        return certificates;
    }

    private static X509Certificate parse(Path file, byte[] der, int number) throws PemException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException _) {
            throw new PemException("certificate " + number + " in " + file + " is damaged");
        }
    }
}
