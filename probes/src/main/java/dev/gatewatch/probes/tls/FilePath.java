package dev.gatewatch.probes.tls;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.ValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A path of something that a probe watches: it is looked at in each run, so it may be missing when the configuration is read. Relative
 * ones start at the configuration's folder.
 */
public final class FilePath implements ValueType<Path> {
    public static final ValueType<Path> TYPE = new FilePath();

    private FilePath() {}

    @Override
    public Optional<Path> read(Node node, Reading reading) {
        if (!(node instanceof Node.Scalar scalar) || scalar.tag() == Node.Tag.NULL || scalar.text().isBlank()) {
            reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
            return Optional.empty();
        }
        try {
            return Optional.of(reading.baseDirectory().resolve(scalar.text()).normalize());
        } catch (InvalidPathException _) {
            reading.problems().error(node, "not a path: " + scalar.shown());
            return Optional.empty();
        }
    }

    @Override
    public String describe() {
        return "a path";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return Map.of("type", "string");
    }
}
