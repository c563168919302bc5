package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A content coding (RFC 9110, 8.4.1). */
public enum Coding {
    GZIP("gzip", true),
    /** Brotli, RFC 7932. */
    BR("br", true),
    /** zlib's format (RFC 1950), and what many servers send in its stead (RFC 1951). */
    DEFLATE("deflate", true),
    /** RFC 8878. */
    ZSTD("zstd", false),
    IDENTITY("identity", true);

    private final String word;
    private final boolean readable;

    Coding(String word, boolean readable) {
        this.word = word;
        this.readable = readable;
    }

    public static ValueType<Coding> type() {
        var words = new LinkedHashMap<String, Coding>();
        for (Coding coding : values()) {
            words.put(coding.word, coding);
        }
        return Types.oneOf(words);
    }

    /** As {@code Content-Encoding} names it. */
    public String word() {
        return word;
    }

    /** Whether it can be undone here. */
    public boolean isReadable() {
        return readable;
    }

    /** The coding of a {@code Content-Encoding}; nothing for several or an unknown one. */
    public static Optional<Coding> of(String contentEncoding) {
        String word = contentEncoding.strip().toLowerCase(Locale.ROOT);
        if (word.isEmpty()) {
            return Optional.of(IDENTITY);
        }
        return word.equals("x-gzip")
                ? Optional.of(GZIP)
                : Arrays.stream(values()).filter(c -> c.word.equals(word)).findFirst();
    }

    /** Whether an {@code Accept-Encoding} lets a target answer in this coding (RFC 9110, 12.5.3). */
    public boolean isAcceptable(String acceptEncoding) {
        Optional<Boolean> any = Optional.empty();
        for (String part : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
            String[] words = part.strip().split(";");
            boolean refused = Arrays.stream(words).skip(1).map(String::strip).anyMatch(q -> q.matches("q\\s*=\\s*0(\\.0*)?"));
            String named = words[0].strip();
            if (named.equals(word) || (this == GZIP && named.equals("x-gzip"))) {
                return !refused;
            }
            if (named.equals("*")) {
                any = Optional.of(!refused);
            }
        }
        return any.orElse(this == IDENTITY);
    }

    /** An {@code Accept-Encoding} of these. */
    static String list(List<Coding> codings) {
        return codings.stream().map(Coding::word).collect(Collectors.joining(", "));
    }
}
