package dev.gatewatch.probes.resources;

import java.util.function.IntPredicate;

/** Walks over one line of a metrics page or one selector; both write labels alike. Confined to its maker's thread. */
final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
        this.text = text;
    }

    /** What is not as it should be, and where. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    Malformed malformed(String wanted) {
        return new Malformed(
                "expected " + wanted + " at column " + (at + 1)
                        + (atEnd() ? ", where it ends" : ", found \"" + text.charAt(at) + "\""));
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The next character; 0 at the end. */
    char peek() {
        return atEnd() ? 0 : text.charAt(at);
    }

    /** Whether the text goes on with this. */
    boolean sees(String word) {
        return text.startsWith(word, at);
    }

    /** Steps over a character if it is the next one. */
    boolean take(char c) {
        if (peek() != c || atEnd()) {
            return false;
        }
        at++;
        return true;
    }

    void want(char c) throws Malformed {
        if (!take(c)) {
            throw malformed("\"" + c + "\"");
        }
    }

    /** Steps over blanks and tabs. */
    void blanks() {
        while (!atEnd() && (peek() == ' ' || peek() == '\t')) {
            at++;
        }
    }

    /** The longest run of such characters. */
    String run(IntPredicate fits) {
        int from = at;
        while (!atEnd() && fits.test(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    /** Everything to the next blank. */
    String word() {
        return run(c -> c != ' ' && c != '\t');
    }

    /** A text in double quotes, with {@code \\}, {@code \"} and {@code \n}. */
    String quoted() throws Malformed {
        want('"');
        int plainEnd = at;
        while (plainEnd < text.length() && text.charAt(plainEnd) != '"' && text.charAt(plainEnd) != '\\') {
            plainEnd++;
        }
        var value = new StringBuilder(text.substring(at, plainEnd));
        at = plainEnd;
        while (!take('"')) {
            if (atEnd()) {
                throw malformed("a closing quote");
            }
            char c = text.charAt(at++);
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escaped = peek();
            switch (escaped) {
                case 'n' -> value.append('\n');
                case '\\', '"' -> value.append(escaped);
                default -> throw malformed("\\\\, \\\" or \\n");
            }
            at++;
        }
        return value.toString();
    }

    static boolean startsName(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    }

    static boolean inName(int c) {
        return startsName(c) || (c >= '0' && c <= '9');
    }
}
