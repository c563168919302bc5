package dev.gatewatch.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Replaces <code>${env:NAME}</code>, <code>${env:NAME:-default}</code> and <code>${file:PATH}</code> in the text of a scalar;
 * <code>$${</code> stands for a plain <code>${</code>, and
 * <code>${1}</code> for itself: no variable has such a name, and it means what an expression captured. Confined to the reading thread.
 */
class References {
    /** The largest file that may stand in for a value, in bytes. */
    static final int LARGEST_FILE = 64 << 10;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern GROUP = Pattern.compile("[0-9]{1,2}");
    private static final List<String> KINDS = List.of("env", "file");

    private final Map<String, String> environment;
    private final Path baseDirectory;
    private final Sources sources;
    private final Map<Path, String> contents = new HashMap<>();

    References(Map<String, String> environment, Path baseDirectory, Sources sources) {
        this.environment = environment;
        this.baseDirectory = baseDirectory;
        this.sources = sources;
    }

    /** Replaces nothing: for files in which <code>${</code> means something else. */
    static References none() {
        return new References(Map.of(), Path.of(""), new Sources()) {
            @Override
            Replaced replace(String written, Place place, String path, Problems problems) {
                return new Replaced(written, false);
            }
        };
    }

    /**
     * A scalar's text after replacing.
     *
     * @param referred whether a reference was replaced, so that the text may be a secret
     */
    record Replaced(String text, boolean referred) {}

    /** Why a reference cannot be replaced. */
    private static final class Unresolved extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Optional<String> suggestion;

        Unresolved(String message, Optional<String> suggestion) {
            super(message, null, false, false);
            this.suggestion = suggestion;
        }

        Unresolved(String message) {
            this(message, Optional.empty());
        }
    }

    /** The text with its references replaced; those that cannot be are told, and left as written. */
    Replaced replace(String written, Place place, String path, Problems problems) {
        int at = written.indexOf("${");
        if (at < 0) {
            return new Replaced(written, false);
        }
        var out = new StringBuilder();
        boolean referred = false;
        int from = 0;
        while (at >= 0) {
            if (at > from && written.charAt(at - 1) == '$') {
                out.append(written, from, at - 1).append("${");
                from = at + 2;
            } else {
                int end = written.indexOf('}', at);
                out.append(written, from, at);
                from = end < 0 ? written.length() : end + 1;
                if (end > 0 && GROUP.matcher(written.substring(at + 2, end)).matches()) {
                    out.append(written, at, from); // a group of a regular expression, for the reader of the value
                    at = written.indexOf("${", from);
                    continue;
                }
                try {
                    if (end < 0) {
                        throw new Unresolved("\"${\" without its \"}\"", Optional.of("write $${ for a plain \"${\""));
                    }
                    out.append(value(written.substring(at + 2, end)));
                    referred = true;
                } catch (Unresolved e) {
                    problems.spoil(place, path, String.valueOf(e.getMessage()), e.suggestion);
                    out.append(written, at, from);
                }
            }
            at = written.indexOf("${", from);
        }
        return new Replaced(out.append(written, from, written.length()).toString(), referred);
    }

    private String value(String reference) throws Unresolved {
        int colon = reference.indexOf(':');
        String kind = colon < 0 ? "" : reference.substring(0, colon);
        String rest = reference.substring(colon + 1);
        return switch (kind) {
            case "env" -> variable(rest);
            case "file" -> file(rest);
            case "" -> throw new Unresolved(
                    "\"${" + shortened(reference) + "}\" is no reference",
                    Optional.of(VARIABLE.matcher(rest).matches()
                            ? "write ${env:" + shortened(rest) + "} for an environment variable, or $${ for a plain \"${\""
                            : "known are ${env:NAME}, ${env:NAME:-default} and ${file:PATH}; write $${ for a plain \"${\""));
            default -> throw new Unresolved(
                    "\"${" + shortened(kind) + ":…}\" is no reference",
                    Optional.of(Suggestions.nearest(kind, KINDS)
                            .map(near -> "did you mean \"${" + near + ":" + shortened(rest) + "}\"?")
                            .orElse("known are ${env:NAME}, ${env:NAME:-default} and ${file:PATH}; write $${ for a plain \"${\"")));
        };
    }

    private String variable(String reference) throws Unresolved {
        int sign = reference.indexOf(":-");
        String name = sign < 0 ? reference : reference.substring(0, sign);
        if (!VARIABLE.matcher(name).matches()) {
            throw new Unresolved("\"" + shortened(name) + "\" is no name of an environment variable");
        }
        String value = environment.get(name);
        if (value != null && !value.isEmpty()) {
            return value;
        }
        if (sign >= 0) {
            return reference.substring(sign + 2);
        }
        throw new Unresolved("environment variable " + name + (value == null ? " is not set" : " is empty"));
    }

    private String file(String written) throws Unresolved {
        Path path;
        try {
            path = baseDirectory.resolve(written);
        } catch (InvalidPathException _) {
            throw new Unresolved("not a path: \"" + shortened(written) + "\"");
        }
        String known = contents.get(path);
        if (known != null) {
            return known;
        }
        String content = read(path);
        contents.put(path, content);
        return content;
    }

    private String read(Path path) throws Unresolved {
        if (!Files.isRegularFile(path)) {
            sources.note(path);
            throw new Unresolved("no such file: " + path);
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(LARGEST_FILE + 1);
        } catch (IOException _) {
            sources.note(path);
            throw new Unresolved(Files.isReadable(path) ? "cannot read " + path : "no permission to read " + path);
        }
        sources.note(path, bytes);
        if (bytes.length > LARGEST_FILE) {
            throw new Unresolved("larger than " + Types.bytesText(LARGEST_FILE) + ": " + path);
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw new Unresolved("not UTF-8 text: " + path);
        }
        text = text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (text.isEmpty()) {
            throw new Unresolved("empty file: " + path);
        }
        return text;
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
