package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The authorities of a PEM file, trusted in place of the system's. */
final class PemTrust {
    private static final long LARGEST_FILE = 10 * 1024 * 1024;

    private PemTrust() {}

    /** The value type for a {@code trust} key: a path of a PEM file with at least one certificate. */
    static ValueType<X509TrustManager> type() {
        ValueType<Path> file = Types.readableFile();
        return new ValueType<>() {
            @Override
            public Optional<X509TrustManager> read(Node node, Reading reading) {
                return file.read(node, reading).flatMap(path -> {
                    try {
                        return Optional.of(load(path));
                    } catch (IOException | GeneralSecurityException e) {
                        reading.problems().error(node, "no certificates in PEM form could be read from " + path);
                        return Optional.empty();
                    }
                });
            }

            @Override
            public String describe() {
                return "path of a PEM file with certificates";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return file.jsonSchema();
            }
        };
    }

    private static X509TrustManager load(Path path) throws IOException, GeneralSecurityException {
        if (Files.size(path) > LARGEST_FILE) {
            throw new IOException("too large");
        }
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(path)));
        if (certificates.isEmpty()) {
            throw new IOException("no certificate");
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int n = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("ca-" + n++, certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }
}
