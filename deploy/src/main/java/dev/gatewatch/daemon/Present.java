package dev.gatewatch.daemon;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A section that need not be there: one value where it is, none where it is not. */
record Present<T>(ValueType<T> section) implements ValueType<List<T>> {
    @Override
    public Optional<List<T>> read(Node node, Reading reading) {
        return section.read(node, reading).map(List::of);
    }

    @Override
    public String describe() {
        return section.describe();
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return section.jsonSchema();
    }
}
