package dev.gatewatch.alerting.channel.support;

/**
 * How a receiver marks text up, and how it counts. Whatever comes from outside goes through {@link #escape}, so that nothing in it
 * becomes a mention, a link or a tag. Implementations are immutable.
 */
public interface Markup {
    Measure measure();

    /** One character so that it is shown as itself. */
    String escape(int point);

    /** Escaped text, set off. */
    default String bold(String escaped) {
        return escaped;
    }

    /** Escaped text, in a monospaced fount. */
    default String code(String escaped) {
        return escaped;
    }

    /** One character within {@link #code}; many receivers take nothing but the end mark specially there. */
    default String escapeInCode(int point) {
        return escape(point);
    }

    /** A link; both parts are as they are. Empty where this address cannot be linked. */
    String link(String title, String address);

    /** What ends a line. */
    default String newline() {
        return "\n";
    }

    /** The text escaped, in at most so many units of the measure; cut neither within a character nor within an escape. */
    default String escape(String text, int most) {
        return Escaping.cut(text, most, measure(), this::escape);
    }

    /** The text as code, marks included in what is measured. */
    default String code(String text, int most) {
        return code(Escaping.cut(text, most - measure().of(code("")), measure(), this::escapeInCode));
    }
}
