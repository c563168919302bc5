package dev.gatewatch.alerting.channel.webhook;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertJson;
import dev.gatewatch.alerting.channel.support.AlertmanagerPayload;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.NoticeValues;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** What a webhook sends. Implementations are immutable. */
sealed interface WebhookPayload {
    /** The body; nothing where it cannot name all these alerts, so that they are {@linkplain Delivery.Refused told one by one}. */
    Optional<byte[]> body(List<Notice> notices, Instant now);

    /** How many of the notices, from the first on, go into one body. */
    int fitting(List<Notice> notices, Instant now);

    /** Alertmanager's form, a group a request. */
    record Standard(AlertmanagerPayload payload) implements WebhookPayload {
        /** A receiver may not take more, and what it does not take is halved only down to single notices. */
        private static final int MOST_BODY = 256 * 1024;

        @Override
        public Optional<byte[]> body(List<Notice> notices, Instant now) {
            return Optional.of(payload.json(notices, now));
        }

        @Override
        public int fitting(List<Notice> notices, Instant now) {
            int fits = notices.size();
            while (fits > 1 && payload.json(notices.subList(0, fits), now).length > MOST_BODY) {
                fits /= 2;
            }
            return fits;
        }
    }

    /** A form of the user's own. */
    record Own(BodyTemplate template, ChatText text) implements WebhookPayload {
        static final int MOST_TEXT = 7_900;

        @Override
        public Optional<byte[]> body(List<Notice> notices, Instant now) {
            return text.of(notices, now).map(message -> {
                var alert = NoticeValues.loudest(notices).alert();
                Map<String, String> labels = AlertJson.labels(alert, Map.of());
                Object filled = template.filled(NoticeValues.of(message, notices, text.setup()), labels, alert.annotations());
                return JsonMapper.shared().writeValueAsBytes(filled);
            });
        }

        @Override
        public int fitting(List<Notice> notices, Instant now) {
            return text.fitting(notices, now);
        }
    }
}
