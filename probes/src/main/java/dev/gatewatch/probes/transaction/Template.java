package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A text with places for variables: {@code $(name)} or {@code $(name|conversion)}; {@code $$(} stands for a plain {@code $(}. Not
 * {@code ${…}}, which the configuration's own reader replaces when it loads, and not braces, which YAML would take for a mapping.
 * Immutable.
 *
 * @param secret whether a reference to environment or file went into its text
 * @param at where it stands, for problems
 */
record Template(List<Part> parts, boolean secret, Node.Scalar at) {
    private static final Pattern SLOT =
            Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_.-]{0,99})(?:\\|([a-z0-9]{1,20}))?\\)");

    Template {
        parts = List.copyOf(parts);
    }

    sealed interface Part {
        record Literal(String text) implements Part {}

        record Slot(String name, Conversion conversion) implements Part {}
    }

    /** Text with variables. */
    static ValueType<Template> type() {
        return new ValueType<>() {
            @Override
            public Optional<Template> read(Node node, Reading reading) {
                if (node instanceof Node.Scalar s && s.tag() != Node.Tag.NULL) {
                    return Template.read(s, reading);
                }
                reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                return Optional.empty();
            }

            @Override
            public String describe() {
                return "text with $(variables)";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Types.text().jsonSchema();
            }
        };
    }

    /** Reads a text, telling what is wrong with a place in it. */
    static Optional<Template> read(Node.Scalar s, Reading reading) {
        try {
            return Optional.of(parse(s));
        } catch (IllegalArgumentException e) {
            reading.problems().error(s, String.valueOf(e.getMessage()), "write $$( for a plain \"$(\"");
            return Optional.empty();
        }
    }

    /** Whether a text has a place for a variable, or what looks like one. */
    static boolean isOne(Node.Scalar s) {
        return s.text().contains("$(");
    }

    private static Template parse(Node.Scalar s) {
        String text = s.text();
        var parts = new ArrayList<Part>();
        var literal = new StringBuilder();
        Matcher slot = SLOT.matcher(text);
        int at = 0;
        for (int open = text.indexOf("$("); open >= 0; open = text.indexOf("$(", at)) {
            literal.append(text, at, open);
            if (open > at && text.charAt(open - 1) == '$') {
                literal.setLength(literal.length() - 1);
                literal.append("$(");
                at = open + 2;
            } else if (slot.find(open) && slot.start() == open) {
                if (!literal.isEmpty()) {
                    parts.add(new Part.Literal(literal.toString()));
                    literal.setLength(0);
                }
                parts.add(new Part.Slot(slot.group(1), conversion(slot.group(2))));
                at = slot.end();
            } else {
                String near = text.substring(open, Math.min(text.length(), open + 20));
                throw new IllegalArgumentException("\"" + (s.secret() ? "$(" : near) + "\" is no variable");
            }
        }
        literal.append(text, at, text.length());
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(literal.toString()));
        }
        return new Template(parts, s.secret(), s);
    }

    private static Conversion conversion(@org.jspecify.annotations.Nullable String word) {
        return word == null
                ? Conversion.PLAIN
                : Conversion.of(word)
                        .orElseThrow(() -> new IllegalArgumentException("there is no conversion \"" + word + "\" (known: "
                                + String.join(", ", Conversion.WORDS) + ")"));
    }

    Stream<Part.Slot> slots() {
        return parts.stream().filter(Part.Slot.class::isInstance).map(Part.Slot.class::cast);
    }

    /** The names of its variables. */
    List<String> names() {
        return slots().map(Part.Slot::name).toList();
    }

    /** The variable that is all of it and is put in as JSON. */
    Optional<String> wholeJson() {
        return parts.size() == 1 && parts.getFirst() instanceof Part.Slot(String name, Conversion c) && c == Conversion.JSON
                ? Optional.of(name)
                : Optional.empty();
    }

    /** Its text with values put in as they are, unless their places say otherwise. */
    String render(Variables variables) throws UnusableVariable {
        return render(variables, Conversion.RAW);
    }

    /**
     * Its text with values put in.
     *
     * @param plain what becomes of a value whose place names no conversion
     */
    String render(Variables variables, Conversion plain) throws UnusableVariable {
        var out = new StringBuilder();
        for (Part part : parts) {
            out.append(
                    switch (part) {
                        case Part.Literal(String text) -> text;
                        case Part.Slot(String name, Conversion conversion) ->
                            (conversion == Conversion.PLAIN ? plain : conversion).apply(variables.get(name));
                    });
        }
        return out.toString();
    }

    /** Whether what it becomes must not be shown. */
    boolean isSecret(Variables variables) {
        return secret || names().stream().anyMatch(variables::isSecret);
    }

    @Override
    public String toString() {
        return secret ? dev.gatewatch.config.Secret.MASK : at.text();
    }
}
