package dev.gatewatch.daemon;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.blackbox.BlackboxModules;
import java.util.Map;
import java.util.Optional;

/** The name of a {@code blackbox.yml}, read with the configuration. Immutable. */
final class ModulesFile implements ValueType<BlackboxModules> {
    @Override
    public Optional<BlackboxModules> read(Node node, Reading reading) {
        return Types.readableFile()
                .read(node, reading)
                .flatMap(file -> BlackboxModules.read(file, reading.problems(), reading.shared(), reading.sources()));
    }

    @Override
    public String describe() {
        return Types.readableFile().describe();
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return Types.readableFile().jsonSchema();
    }
}
