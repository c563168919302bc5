package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.httpclient.HeaderText;
import java.util.Map;
import java.util.Optional;

/** A header's value with variables. Immutable. */
record HeaderTemplate(Template template) {
    static ValueType<HeaderTemplate> type() {
        ValueType<HeaderText> plain = HeaderText.type();
        return new ValueType<>() {
            @Override
            public Optional<HeaderTemplate> read(Node node, Reading reading) {
                return plain.read(node, reading)
                        .flatMap(_ -> node instanceof Node.Scalar s ? Template.read(s, reading) : Optional.empty())
                        .map(HeaderTemplate::new);
            }

            @Override
            public String describe() {
                return "a header value with $(variables)";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return plain.jsonSchema();
            }
        };
    }

    HeaderText render(Variables variables) throws UnusableVariable {
        return new HeaderText(new Secret(oneLine(template, variables).strip()), template.isSecret(variables));
    }

    /** What was captured from a peer must not write more headers than ours. */
    static String oneLine(Template template, Variables variables) throws UnusableVariable {
        for (String name : template.names()) {
            if (variables.get(name).chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
                throw UnusableVariable.unfit(name, "has a line break or control character, which no header can carry");
            }
        }
        return template.render(variables);
    }
}
