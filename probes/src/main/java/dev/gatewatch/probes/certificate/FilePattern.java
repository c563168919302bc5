package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.tls.FilePath;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * Files by a path, a folder or a glob, as an operator writes them; looked for anew in each run. Immutable.
 *
 * @param text as written, made absolute
 * @param root the path itself, or the folder above the first part with a wildcard
 * @param glob what a path below {@code root} has to match; absent for a plain path
 * @param depth how many levels below {@code root} may match
 */
record FilePattern(String text, Path root, Optional<PathMatcher> glob, int depth) {
    private static final int DEEPEST = 16;

    static final ValueType<FilePattern> TYPE = new Type();

    /**
     * Splits an absolute path at its first wildcard (a star, a question mark, a bracket or a brace).
     *
     * @throws PatternSyntaxException when it is no glob
     */
    static FilePattern of(Path path) {
        Path root = path.getRoot() == null ? Path.of("") : path.getRoot();
        for (int i = 0; i < path.getNameCount(); i++) {
            String name = path.getName(i).toString();
            if (name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
                Path rest = path.subpath(i, path.getNameCount());
                PathMatcher matcher = path.getFileSystem().getPathMatcher("glob:" + rest);
                int depth = rest.toString().contains("**") ? DEEPEST : rest.getNameCount();
                return new FilePattern(path.toString(), root, Optional.of(matcher), depth);
            }
            root = root.resolve(name);
        }
        return new FilePattern(path.toString(), path, Optional.empty(), 0);
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class Type implements ValueType<FilePattern> {
        @Override
        public Optional<FilePattern> read(Node node, Reading reading) {
            return FilePath.TYPE.read(node, reading).flatMap(path -> {
                try {
                    return Optional.of(FilePattern.of(path.toAbsolutePath()));
                } catch (PatternSyntaxException e) {
                    reading.problems().error(node, "not a glob: " + e.getDescription());
                    return Optional.empty();
                }
            });
        }

        @Override
        public String describe() {
            return "a path of a file or folder, or a glob (as /etc/pki/**/*.pem)";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of("type", "string");
        }
    }
}
