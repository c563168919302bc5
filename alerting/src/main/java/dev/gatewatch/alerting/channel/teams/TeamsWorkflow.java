package dev.gatewatch.alerting.channel.teams;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.BackslashMarkdown;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Measure;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A workflow of Microsoft Teams that posts what a webhook receives; the connectors that came before it are understood too. A card takes
 * 28 kB as Teams stores it, which is about a fifth more than was sent.
 */
record TeamsWorkflow(SecretUrl webhook) implements ChatChannel.Room {
    /** Underlines within words mean nothing there, and not every client knows them escaped. */
    static final Markup MARKUP = new BackslashMarkdown(Measure.JSON_BYTES, "\\*`[]<>", "\n\n");

    static final int MOST = 20_000;

    private static final int TITLE = 600;

    /** Teams shows no more. */
    private static final int MOST_BUTTONS = 6;

    private static final int LONGEST_ADDRESS = 500;

    /** What a connector says, with status 200, when Teams itself refused. */
    private static final Pattern REFUSED = Pattern.compile("returned HTTP error (\\d{3})");

    @Override
    public Duration spacing() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        var attachment = new LinkedHashMap<String, Object>();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
        attachment.put("content", card(message));
        var json = Map.of("type", "message", "attachments", List.of(attachment));
        return verdict(sender.post(webhook, Map.of(), JsonMapper.shared().writeValueAsBytes(json), List.of()));
    }

    private static Map<String, Object> card(ChatText.Message message) {
        var title = block(message.tone().sign() + " " + MARKUP.escape(message.title(), TITLE));
        title.put("size", "Large");
        title.put("weight", "Bolder");
        title.put(
                "color",
                switch (message.tone()) {
                    case CRITICAL -> "Attention";
                    case WARNING -> "Warning";
                    case INFO -> "Accent";
                    case RESOLVED -> "Good";
                });
        var body = new ArrayList<Object>();
        body.add(title);
        body.add(block(String.join("\n\n", message.lines())));
        List<Map<String, String>> buttons = message.links().entrySet().stream()
                .filter(link -> link.getValue().length() <= LONGEST_ADDRESS)
                .limit(MOST_BUTTONS)
                .map(link -> Map.of("type", "Action.OpenUrl", "title", link.getKey(), "url", link.getValue()))
                .toList();

        var card = new LinkedHashMap<String, Object>();
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard");
        card.put("version", "1.4");
        card.put("msteams", Map.of("width", "Full"));
        card.put("body", body);
        if (!buttons.isEmpty()) {
            card.put("actions", buttons);
        }
        return card;
    }

    private static Map<String, Object> block(String text) {
        var block = new LinkedHashMap<String, Object>();
        block.put("type", "TextBlock");
        block.put("text", text);
        block.put("wrap", true);
        return block;
    }

    static Delivery verdict(HttpReply reply) {
        if (reply instanceof HttpReply.Answer answer
                && !answer.ok()
                && answer.body().contains("WorkflowTriggerIsNotEnabled")) {
            return new Delivery.Broken(answer.inWords() + " (the workflow is switched off)");
        }
        return Verdict.of(reply, answer -> {
            Matcher inside = REFUSED.matcher(answer.body());
            if (inside.find()) {
                int status = Integer.parseInt(inside.group(1));
                return status == 429 || status >= 500
                        ? new Delivery.Retry(answer.inWords(), Optional.empty())
                        : new Delivery.Refused(answer.inWords());
            }
            if (answer.body().contains("Webhook message delivery failed")) {
                return new Delivery.Retry(answer.inWords(), Optional.empty());
            }
            return answer.body().stripLeading().startsWith("<")
                    ? Verdict.notFrom("Teams", answer)
                    : new Delivery.Delivered();
        });
    }
}
