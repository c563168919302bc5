package dev.gatewatch.probes.drift;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pattern for paths such as {@code spring.datasource.url} or {@code servers[0].name}: {@code *} stands for any characters but a dot,
 * {@code **} for any at all. Immutable.
 */
record PathGlob(String text, Pattern pattern) {
    static ValueType<PathGlob> type() {
        return Types.scalar(
                "a path such as spring.datasource.url, with * for a part of a name and ** for anything",
                Map.of("type", "string"),
                text -> text.isBlank() || text.length() > 500 ? Optional.empty() : Optional.of(of(text)));
    }

    static PathGlob of(String text) {
        var regex = new StringBuilder("^");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '*') {
                regex.append(Pattern.quote(String.valueOf(c)));
            } else if (i + 1 < text.length() && text.charAt(i + 1) == '*') {
                regex.append(".*");
                i++;
            } else {
                regex.append("[^.]*");
            }
        }
        return new PathGlob(text, Pattern.compile(regex.append('$').toString(), Pattern.DOTALL));
    }

    boolean has(String path) {
        return pattern.matcher(path).find();
    }

    static boolean any(List<PathGlob> globs, String path) {
        return globs.stream().anyMatch(g -> g.has(path));
    }

    @Override
    public String toString() {
        return text;
    }
}
