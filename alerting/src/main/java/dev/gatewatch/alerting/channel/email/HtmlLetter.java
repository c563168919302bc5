package dev.gatewatch.alerting.channel.email;

import java.util.StringJoiner;

/**
 * A mail as HTML, in the subset that mail readers show: tables, styles at each element, no images, nothing to load. Readable on a phone
 * and with colours turned round at night. Pure functions.
 */
final class HtmlLetter {
    private static final String FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,'PingFang SC','Microsoft YaHei',sans-serif;";
    private static final String CODE =
            "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;background:#f2f4f7;border-radius:4px;padding:2px 5px;"
                    + "word-break:break-all;";

    private HtmlLetter() {}

    static String of(LetterText text, String language) {
        var html = new StringJoiner("\n");
        html.add("<!DOCTYPE html>");
        html.add("<html lang=\"" + escaped(language) + "\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>" + escaped(text.title()) + "</title></head>");
        html.add("<body style=\"margin:0;padding:16px;background:#f2f4f7;" + FONT + "\">");
        html.add("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"max-width:640px;margin:0 auto;"
                + "background:#ffffff;border-radius:8px;border-top:6px solid " + text.tone().hex() + ";\"><tr><td style=\"padding:20px 24px;\">");
        html.add("<h1 style=\"margin:0 0 10px;font-size:18px;line-height:1.35;color:#101828;overflow-wrap:anywhere;\">"
                + text.tone().sign() + " " + escaped(text.title()) + "</h1>");
        for (int i = 0; i < text.lead().size(); i++) {
            String look = i == 0 ? "font-size:16px;font-weight:600;color:#101828;" : "font-size:14px;color:#475467;";
            html.add("<p style=\"margin:0 0 8px;line-height:1.45;overflow-wrap:anywhere;" + look + "\">" + escaped(text.lead().get(i)) + "</p>");
        }
        html.add("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"width:100%;margin-top:8px;font-size:14px;"
                + "line-height:1.45;color:#101828;\">");
        text.rows().forEach(row -> html.add(row(row, text.lead().isEmpty())));
        html.add("</table>");
        if (!text.links().isEmpty()) {
            html.add("<p style=\"margin:18px 0 0;\">" + links(text) + "</p>");
        }
        html.add("</td></tr></table>");
        html.add("<p style=\"max-width:640px;margin:10px auto;font-size:12px;color:#667085;text-align:center;\">Gatewatch</p>");
        html.add("</body></html>");
        return html.toString();
    }

    /** A part with its label beside it; of a digest an alert, below each other. */
    private static String row(LetterText.Row row, boolean digest) {
        String text = row.code() ? "<span style=\"" + CODE + "\">" + escaped(row.text()) + "</span>" : escaped(row.text());
        String cell = "padding:6px 0;border-top:1px solid #eaecf0;vertical-align:top;overflow-wrap:anywhere;";
        if (digest) {
            return "<tr><td style=\"" + cell + "padding-left:10px;border-left:4px solid " + row.tone().hex() + ";\"><strong>"
                    + escaped(row.label()) + "</strong><br><span style=\"color:#475467;\">" + text + "</span></td></tr>";
        }
        if (row.label().isEmpty()) {
            return "<tr><td colspan=\"2\" style=\"" + cell + "\">" + text + "</td></tr>";
        }
        return "<tr><td style=\"" + cell + "padding-right:12px;color:#475467;white-space:nowrap;width:1%;\">" + escaped(row.label())
                + "</td><td style=\"" + cell + "\">" + text + "</td></tr>";
    }

    /** The first one is what to press. */
    private static String links(LetterText text) {
        var links = new StringJoiner(" ");
        text.links().forEach((title, address) -> {
            String look = links.length() == 0
                    ? "background:#175cd3;color:#ffffff;border:1px solid #175cd3;"
                    : "background:#ffffff;color:#175cd3;border:1px solid #d0d5dd;";
            links.add("<a href=\"" + escaped(address) + "\" style=\"display:inline-block;margin:0 4px 6px 0;padding:8px 14px;font-size:14px;"
                    + "text-decoration:none;border-radius:6px;" + look + "\">" + escaped(title) + "</a>");
        });
        return links.toString();
    }

    private static String escaped(String text) {
        var out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(point);
            }
        });
        return out.toString();
    }
}
