package dev.gatewatch.probes.drift;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.drift.Document.Unreadable;
import dev.gatewatch.probes.httpclient.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a reference is written: as a mapping, as the name of a file, or as one of two words. */
final class ReferenceType implements ValueType<Reference> {
    static final ReferenceType INSTANCE = new ReferenceType();

    private static final String FIRST = "first_seen";
    private static final String LAST = "last_seen";

    private ReferenceType() {}

    @Override
    public Optional<Reference> read(Node node, Reading reading) {
        return switch (node) {
            case Node.Scalar s when s.text().equals(FIRST) -> Optional.of(new Reference.Seen(false, ""));
            case Node.Scalar s when s.text().equals(LAST) -> Optional.of(new Reference.Seen(true, ""));
            case Node.Scalar s when Suggestions.nearest(s.text(), List.of(FIRST, LAST)).isPresent() -> {
                reading.problems()
                        .error(s, "expected " + describe() + ", found " + s.shown(), Suggestions.didYouMean(s.text(), List.of(FIRST, LAST)).orElse(""));
                yield Optional.empty();
            }
            case Node.Scalar s when s.tag() != Node.Tag.NULL -> Types.readableFile()
                    .read(s, reading)
                    .flatMap(file -> file(s, file, reading));
            case Node.Fields fields -> JsonValue.type().read(fields, reading).flatMap(value -> inline(fields, value, reading));
            default -> {
                reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                yield Optional.empty();
            }
        };
    }

    private static Optional<Reference> inline(Node node, JsonValue value, Reading reading) {
        try {
            return Optional.of(new Reference.Pinned(new Document.Builder().tree("", value.tree()).build()));
        } catch (Unreadable e) {
            reading.problems().error(node, "the reference cannot be used: " + e.words());
            return Optional.empty();
        }
    }

    private static Optional<Reference> file(Node node, Path file, Reading reading) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return Optional.of(new Reference.Pinned(DocumentFormat.AUTO.read(bytes, file.toString())));
        } catch (Unreadable e) {
            reading.problems().error(node, file + " cannot be used as a reference: " + e.words());
        } catch (IOException e) {
            reading.problems().error(node, "cannot read " + file + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    @Override
    public String describe() {
        return "a mapping of settings, a file (.json, .yml, .properties), " + FIRST + " or " + LAST;
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return Map.of("type", List.of("object", "string"));
    }
}
