package dev.gatewatch.web.page;

import dev.gatewatch.change.Comparison;
import dev.gatewatch.change.Effect;
import dev.gatewatch.change.Measure;
import dev.gatewatch.change.ProbeComparison;
import dev.gatewatch.change.Verdict;
import dev.gatewatch.view.ChangeView;
import java.util.List;
import java.util.Locale;

/**
 * What became of latencies as an SVG: a row a probe, with the change as a dot and what it lies between as a line, on a scale of ratios; what is
 * too small to matter is shaded. The verdict's word stands in each row, so that it shows without colour too.
 */
public final class EffectPicture {
    private static final int NAME = 230;
    private static final int PLOT = 420;
    private static final int WORDS = 250;
    private static final int WIDTH = NAME + PLOT + WORDS;
    private static final int ROW = 24;
    private static final int HEAD = 34;
    private static final int MOST = 60;

    /** The scale never shows less, in logarithms. */
    private static final double LEAST = Math.log(1.3);

    private static final double GREATEST = Math.log(8);
    private static final double[] MARKS = {-0.75, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1, 2, 4};

    private final StringBuilder svg = new StringBuilder(4_000);
    private final double reach;

    private EffectPicture(Comparison comparison) {
        double most = comparison.probes().stream()
                .flatMap(p -> p.latency().effect().stream())
                .mapToDouble(e -> Math.max(Math.abs(Math.log1p(Math.max(-0.99, e.lower()))), Math.abs(Math.log1p(e.upper()))))
                .max()
                .orElse(0);
        reach = Math.clamp(1.05 * most, Math.max(LEAST, 1.5 * Math.log1p(comparison.bounds().latency())), GREATEST);
    }

    /** For a page, whose style sheet gives it its colours. */
    static String inline(Comparison comparison) {
        return new EffectPicture(comparison).drawn(comparison, "");
    }

    /** As a file of its own. */
    public static String alone(ChangeView change, Comparison comparison) {
        String style = "<style>text{font:12px system-ui,sans-serif;fill:#18202b}.mark,.word{fill:#566273}.ground{fill:#fff}.matters{fill:#edf0f3}"
                + ".grid{stroke:#e1e5ea}.none{stroke:#566273}.line{stroke-width:3;stroke:#566273}.dot{fill:#566273}"
                + ".worse .line{stroke:#b91c2b}.worse .dot,.worse .word{fill:#b91c2b}.better .line{stroke:#17754a}.better .dot{fill:#17754a}"
                + "</style><title>" + escaped("Change " + change.id() + ": " + comparison.verdict().words()) + "</title>"
                + "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>";
        return new EffectPicture(comparison).drawn(comparison, style);
    }

    private String drawn(Comparison comparison, String before) {
        List<ProbeComparison> rows = comparison.probes().stream().limit(MOST).toList();
        int height = HEAD + ROW * rows.size() + 8;
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"effects\" viewBox=\"0 0 ").append(WIDTH).append(' ').append(height)
                .append("\" role=\"img\" aria-label=\"Change of latency by probe\">").append(before);
        double matters = Math.log1p(comparison.bounds().latency());
        rectangle("matters", x(-matters), HEAD - 6, x(matters) - x(-matters), height - HEAD);
        for (double mark : MARKS) {
            if (Math.abs(Math.log1p(mark)) <= reach) {
                double x = x(Math.log1p(mark));
                line(mark == 0 ? "none" : "grid", x, HEAD - 6, x, height - 8);
                text("mark", x, HEAD - 14, "middle", mark == 0 ? "as before" : String.format(Locale.ROOT, "%+.0f%%", 100 * mark));
            }
        }
        int y = HEAD + ROW / 2;
        for (ProbeComparison row : rows) {
            row(row, y);
            y += ROW;
        }
        return svg.append("</svg>").toString();
    }

    private void row(ProbeComparison row, int y) {
        Measure latency = row.latency();
        svg.append("<g class=\"").append(row.verdict().code()).append("\">");
        text("name", NAME - 12, y + 4, "end", cut(row.series().region().isEmpty() ? row.series().probe() : row.series().probe() + " @" + row.series().region()));
        latency.effect().ifPresent(e -> {
            line("line", x(Math.log1p(Math.max(-0.99, e.lower()))), y, x(Math.log1p(e.upper())), y);
            svg.append(String.format(Locale.ROOT, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%d\" r=\"5\"/>", x(Math.log1p(e.change())), y));
        });
        text("word", NAME + PLOT + 12, y + 4, "start", words(row.verdict(), latency));
        svg.append("</g>");
    }

    private static String words(Verdict verdict, Measure latency) {
        return verdict.words()
                + latency.effect()
                        .map(e -> ": " + Words.change(e.change()) + " (" + interval(e) + ")")
                        .orElse("");
    }

    private static String interval(Effect e) {
        return Words.change(e.lower()) + " to " + Words.change(e.upper());
    }

    private double x(double log) {
        return NAME + PLOT / 2.0 * (1 + Math.clamp(log / reach, -1, 1));
    }

    private void rectangle(String style, double x, double y, double width, double height) {
        svg.append(String.format(
                Locale.ROOT, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", style, x, y, width, height));
    }

    private void line(String style, double x1, double y1, double x2, double y2) {
        svg.append(String.format(Locale.ROOT, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>", style, x1, y1, x2, y2));
    }

    private void text(String style, double x, double y, String anchor, String words) {
        svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", style, x, y, anchor))
                .append(escaped(words))
                .append("</text>");
    }

    private static String cut(String name) {
        return name.length() <= 32 ? name : name.substring(0, 31) + "…";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
