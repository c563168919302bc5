package dev.gatewatch.sandbox;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What Slack asks of a message: the limits that its clients meet in practice. */
final class SlackPayload {
    private static final int MAX_PAYLOAD = 64 * 1024;
    private static final int MAX_TEXT = 40_000;
    private static final int MAX_BLOCKS = 50;
    private static final int MAX_HEADER = 150;
    private static final int MAX_SECTION = 3000;
    private static final int MAX_FIELDS = 10;
    private static final int MAX_FIELD = 2000;

    private SlackPayload() {}

    /** The error that Slack would answer with, or nothing for a good message. */
    static Optional<String> problem(JsonNode payload, int length) {
        boolean hasBlocks = payload.path("blocks").isArray() && !payload.path("blocks").isEmpty();
        boolean hasAttachments =
                payload.path("attachments").isArray() && !payload.path("attachments").isEmpty();
        if (length > MAX_PAYLOAD) {
            return Optional.of("invalid_payload");
        }
        if (payload.path("text").asString("").isEmpty() && !hasBlocks && !hasAttachments) {
            return Optional.of("no_text");
        }
        if (payload.path("text").asString("").length() > MAX_TEXT) {
            return Optional.of("msg_too_long");
        }
        if (badBlocks(payload.path("blocks"))) {
            return Optional.of("invalid_blocks");
        }
        for (JsonNode attachment : payload.path("attachments")) {
            if (badBlocks(attachment.path("blocks"))) {
                return Optional.of("invalid_attachments");
            }
        }
        return Optional.empty();
    }

    private static boolean badBlocks(JsonNode blocks) {
        if (blocks.isMissingNode()) {
            return false;
        }
        if (!blocks.isArray() || blocks.size() > MAX_BLOCKS) {
            return true;
        }
        return blocks.valueStream().anyMatch(SlackPayload::badBlock);
    }

    private static boolean badBlock(JsonNode block) {
        return switch (block.path("type").asString("")) {
            case "header" -> badText(block.path("text"), MAX_HEADER)
                    || !block.path("text").path("type").asString("").equals("plain_text");
            case "section" -> badSection(block);
            case "context", "actions" -> !block.path("elements").isArray() || block.path("elements").isEmpty();
            case "" -> true;
            default -> false;
        };
    }

    private static boolean badSection(JsonNode section) {
        JsonNode fields = section.path("fields");
        boolean hasText = !section.path("text").isMissingNode();
        return (hasText && badText(section.path("text"), MAX_SECTION))
                || (!hasText && fields.isEmpty())
                || fields.size() > MAX_FIELDS
                || fields.valueStream().anyMatch(f -> badText(f, MAX_FIELD));
    }

    private static boolean badText(JsonNode text, int longest) {
        String value = text.path("text").asString("");
        return value.isEmpty() || value.length() > longest;
    }

    /** The text for a list or notification; for a message made of blocks alone, the first text in them. */
    static String text(JsonNode payload) {
        String text = payload.path("text").asString("");
        return text.isEmpty() ? payload.at("/blocks/0/text/text").asString("") : text;
    }
}
