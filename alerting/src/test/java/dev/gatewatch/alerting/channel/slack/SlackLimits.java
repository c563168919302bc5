package dev.gatewatch.alerting.channel.slack;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/** What Slack takes. */
final class SlackLimits {
    private SlackLimits() {}

    static void assertWithin(JsonNode message) {
        assertText(message.path("text").asString(), 4_000);
        JsonNode blocks = message.path("blocks");
        assertThat(blocks.size()).isBetween(1, 50);
        int total = 0;
        for (JsonNode block : blocks) {
            String text = block.path("text").path("text").asString();
            switch (block.path("type").asString()) {
                case "header" -> {
                    assertThat(block.path("text").path("type").asString()).isEqualTo("plain_text");
                    assertText(text, 150);
                }
                case "section" -> {
                    assertThat(block.path("text").path("type").asString()).isEqualTo("mrkdwn");
                    assertText(text, 3_000);
                }
                default -> throw new AssertionError("an unknown block: " + block);
            }
            total += text.length();
        }
        assertThat(total).isLessThanOrEqualTo(13_000);
    }

    private static void assertText(String text, int most) {
        assertThat(text).isNotBlank().hasSizeLessThanOrEqualTo(most).doesNotContain("<!", "<script");
        assertThat(text.replaceAll("&(amp|lt|gt);", "")).as("every & is escaped").doesNotContain("&");
        assertThat(text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
                .as("no half characters")
                .isTrue();
    }
}
