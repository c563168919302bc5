package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.tls.CertificateFile;
import dev.gatewatch.probes.tls.TrustAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Whom to trust: {@code system}, or the certificates in a PEM file, which is read with the configuration. */
final class TrustType implements ValueType<TrustAnchors> {
    private static final String SYSTEM = "system";

    private final ValueType<Path> file = Types.readableFile();

    @Override
    public Optional<TrustAnchors> read(Node node, Reading reading) {
        if (node instanceof Node.Scalar word && word.text().equals(SYSTEM)) {
            return Optional.of(TrustAnchors.system());
        }
        return file.read(node, reading).flatMap(path -> read(path, node, reading));
    }

    private static Optional<TrustAnchors> read(Path path, Node node, Reading reading) {
        try {
            CertificateFile content = CertificateFile.of(path, Files.readAllBytes(path));
            if (!content.damaged().isEmpty()) {
                reading.problems().error(node, content.damaged().getFirst());
            } else if (content.certificates().isEmpty()) {
                reading.problems().error(node, path + " is not a PEM file (no \"-----BEGIN CERTIFICATE-----\" in it)");
            } else {
                return Optional.of(TrustAnchors.of(content.certificates()));
            }
        } catch (IOException e) {
            reading.problems().error(node, "cannot read " + path + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    @Override
    public String describe() {
        return file.describe() + ", or " + SYSTEM;
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return file.jsonSchema();
    }
}
