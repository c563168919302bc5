package dev.gatewatch.probes.dialogue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes to send, or a label's value, with places for what an earlier expectation captured: <code>${1}</code> for a group of the last
 * match, <code>${0}</code> for the whole match, <code>${name}</code> for a named group of any match before. Immutable.
 */
public final class Template {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*|[0-9]{1,2})}");

    /** Alternately plain bytes and, for those at odd places, the name of a capture. */
    private final List<byte[]> parts;

    private Template(List<byte[]> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Text as UTF-8, with references. */
    public static Template of(String text) {
        var parts = new ArrayList<byte[]>();
        Matcher reference = REFERENCE.matcher(text);
        int from = 0;
        while (reference.find()) {
            parts.add(utf8(text.substring(from, reference.start())));
            parts.add(utf8(reference.group(1)));
            from = reference.end();
        }
        parts.add(utf8(text.substring(from)));
        return new Template(parts);
    }

    /** These bytes and no references. */
    public static Template bytes(byte[] bytes) {
        return new Template(List.of(bytes.clone()));
    }

    /** The names of the captures that it refers to. */
    List<String> references() {
        var names = new ArrayList<String>();
        for (int i = 1; i < parts.size(); i += 2) {
            names.add(new String(parts.get(i), StandardCharsets.UTF_8));
        }
        return names;
    }

    /** The bytes, with what was captured; nothing stands where nothing was. */
    byte[] render(Captures captures) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < parts.size(); i++) {
            byte[] part = parts.get(i);
            out.writeBytes(
                    i % 2 == 0
                            ? part
                            : captures.get(new String(part, StandardCharsets.UTF_8)).orElse(new byte[0]));
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return parts.size() + " parts"; // may hold a secret
    }
}
