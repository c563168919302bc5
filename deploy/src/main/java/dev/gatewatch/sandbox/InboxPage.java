package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Inbox.Message;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The inbox as HTML. */
final class InboxPage {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final String TEMPLATE = Html.resource("inbox.html");

    private InboxPage() {}

    static String render(List<Message> newestFirst) {
        return Html.fill(
                TEMPLATE,
                Map.of(
                        "messages", items(newestFirst),
                        "kept", Integer.toString(Inbox.KEPT)));
    }

    /** The list items alone: what the page fetches to bring itself up to date. */
    static String items(List<Message> newestFirst) {
        return newestFirst.stream().map(InboxPage::item).collect(Collectors.joining("\n"));
    }

    private static String item(Message message) {
        JsonNode payload = message.payload();
        StringBuilder html = new StringBuilder()
                .append("<li class=\"message\" data-id=\"")
                .append(message.id())
                .append("\"><article><header><strong>Gatewatch</strong> <time datetime=\"")
                .append(message.received())
                .append("\">")
                .append(CLOCK.format(message.received()))
                .append("</time></header>");
        JsonNode blocks = payload.path("blocks");
        if (blocks.isEmpty()) {
            html.append("<p>").append(SlackText.mrkdwn(payload.path("text").asString(""))).append("</p>");
        } else {
            blocks.forEach(block -> block(block, html));
        }
        payload.path("attachments").forEach(attachment -> attachment(attachment, html));
        return html.append("</article></li>").toString();
    }

    private static void attachment(JsonNode attachment, StringBuilder html) {
        String color = attachment.path("color").asString("");
        html.append("<div class=\"attachment\" data-color=\"").append(tone(color)).append("\">");
        String title = attachment.path("title").asString("");
        if (!title.isEmpty()) {
            html.append("<p><strong>").append(SlackText.plain(title)).append("</strong></p>");
        }
        String text = attachment.path("text").asString("");
        if (!text.isEmpty()) {
            html.append("<p>").append(SlackText.mrkdwn(text)).append("</p>");
        }
        attachment.path("blocks").forEach(block -> block(block, html));
        for (JsonNode field : attachment.path("fields")) {
            html.append("<p><strong>")
                    .append(SlackText.plain(field.path("title").asString("")))
                    .append("</strong> ")
                    .append(SlackText.mrkdwn(field.path("value").asString("")))
                    .append("</p>");
        }
        html.append("</div>");
    }

    /** A colour as one of three tones, for the page's own palette has to hold in the dark and in the light. */
    private static String tone(String color) {
        return switch (color) {
            case "good", "#2eb886", "#36a64f" -> "good";
            case "danger", "#a30200", "#e01e5a" -> "bad";
            case "warning", "#daa038", "#ecb22e" -> "warn";
            default -> {
                if (!color.matches("#[0-9a-fA-F]{6}")) {
                    yield "none";
                }
                int red = Integer.parseInt(color.substring(1, 3), 16);
                int green = Integer.parseInt(color.substring(3, 5), 16);
                yield red > 140 && green > 110 ? "warn" : green > red ? "good" : "bad";
            }
        };
    }

    private static void block(JsonNode block, StringBuilder html) {
        switch (block.path("type").asString("")) {
            case "header" -> html.append("<h2>")
                    .append(SlackText.plain(block.path("text").path("text").asString("")))
                    .append("</h2>");
            case "section" -> section(block, html);
            case "context" -> {
                html.append("<p class=\"context\">");
                block.path("elements").forEach(e -> html.append("<span>").append(text(e)).append("</span> "));
                html.append("</p>");
            }
            case "actions" -> {
                html.append("<p class=\"actions\">");
                block.path("elements").forEach(e -> button(e, html));
                html.append("</p>");
            }
            case "divider" -> html.append("<hr>");
            default -> html.append("<p class=\"context\">(a block of type ")
                    .append(Html.escape(block.path("type").asString("")))
                    .append(", which this inbox does not draw)</p>");
        }
    }

    private static void section(JsonNode block, StringBuilder html) {
        if (block.has("text")) {
            html.append("<p>").append(text(block.path("text"))).append("</p>");
        }
        if (!block.path("fields").isEmpty()) {
            html.append("<div class=\"fields\">");
            block.path("fields").forEach(f -> html.append("<p>").append(text(f)).append("</p>"));
            html.append("</div>");
        }
        if (block.path("accessory").path("type").asString("").equals("button")) {
            button(block.path("accessory"), html);
        }
    }

    private static void button(JsonNode button, StringBuilder html) {
        String url = button.path("url").asString("");
        if (url.startsWith("http://") || url.startsWith("https://")) {
            html.append("<a class=\"button\" rel=\"noreferrer\" href=\"")
                    .append(Html.escape(url))
                    .append("\">")
                    .append(text(button.path("text")))
                    .append("</a> ");
        }
    }

    private static String text(JsonNode text) {
        String value = text.path("text").asString("");
        return text.path("type").asString("").equals("mrkdwn") ? SlackText.mrkdwn(value) : SlackText.plain(value);
    }
}
