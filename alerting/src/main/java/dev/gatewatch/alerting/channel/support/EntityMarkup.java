package dev.gatewatch.alerting.channel.support;

/** Markup in which {@code &}, {@code <} and {@code >} are written as HTML's entities, and nothing else has a meaning of its own. */
public interface EntityMarkup extends Markup {
    @Override
    default Measure measure() {
        return Measure.CHARS;
    }

    @Override
    default String escape(int point) {
        return switch (point) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(point);
        };
    }
}
