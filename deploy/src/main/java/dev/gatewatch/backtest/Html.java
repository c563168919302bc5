package dev.gatewatch.backtest;

/** Builds a page: markup as it is, text escaped. */
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 16);

    /** Markup of our own. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html open(String element) {
        out.append('<').append(element).append('>');
        return this;
    }

    Html close(String element) {
        out.append("</").append(element).append(">\n");
        return this;
    }

    /** Text from anywhere. */
    Html text(String text) {
        escape(out, text);
        return this;
    }

    /** Appends a text so that it is nothing but text, also in an attribute. */
    static void escape(StringBuilder to, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> to.append("&lt;");
                case '>' -> to.append("&gt;");
                case '&' -> to.append("&amp;");
                case '"' -> to.append("&quot;");
                case '\'' -> to.append("&#39;");
                default -> to.append(c < 0x20 && c != '\n' && c != '\t' ? '\ufffd' : c);
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
