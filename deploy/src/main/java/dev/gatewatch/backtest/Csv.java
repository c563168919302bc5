package dev.gatewatch.backtest;

/** How values are written into CSV (RFC 4180). */
final class Csv {
    private Csv() {}

    /** Appends a value, in quotes where it needs them. */
    static void quote(StringBuilder to, String value) {
        boolean plain = true;
        for (int i = 0; i < value.length() && plain; i++) {
            char c = value.charAt(i);
            plain = c != ',' && c != '"' && c != '\n' && c != '\r';
        }
        if (plain) {
            to.append(value);
        } else {
            to.append('"').append(value.replace("\"", "\"\"")).append('"');
        }
    }
}
