package dev.gatewatch.web;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query of a request: known parameters, each given once. What is wrong becomes a {@link Refusal} in a person's words. */
final class Parameters {
    private final Map<String, List<String>> given;

    Parameters(Map<String, List<String>> given, String... known) {
        this.given = given;
        given.forEach((name, values) -> {
            if (!Arrays.asList(known).contains(name)) {
                throw new Refusal(
                        400, "unknown parameter \"" + shown(name) + "\"; known here: " + String.join(", ", known));
            }
            if (values.size() > 1) {
                throw new Refusal(400, "parameter \"" + name + "\" was given twice");
            }
        });
    }

    Optional<String> find(String name) {
        return given.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The parameter, or an empty text. */
    String text(String name) {
        return find(name).orElse("");
    }

    /** The parameter {@code limit}. */
    int limit(int fallback, int most) {
        String text = text("limit");
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw wrong("limit should be a whole number from 1 to " + most, text);
    }

    boolean flag(String name) {
        String text = text(name);
        return switch (text) {
            case "true" -> true;
            case "", "false" -> false;
            default -> throw wrong(name + " should be true or false", text);
        };
    }

    static Refusal wrong(String expected, String found) {
        return new Refusal(400, expected + "; found \"" + shown(found) + "\"");
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
