package dev.gatewatch.daemon;

import dev.gatewatch.web.NoticeRow;
import java.util.List;
import java.util.Optional;

/** The delivery's notice log as the page and the API show it. */
final class NoticeRows {
    private NoticeRows() {}

    static List<NoticeRow> of(List<dev.gatewatch.alerting.delivery.NoticeRow> log) {
        return log.stream().map(NoticeRows::of).toList();
    }

    private static NoticeRow of(dev.gatewatch.alerting.delivery.NoticeRow row) {
        return new NoticeRow(
                row.id(),
                row.channel(),
                row.kind().name().toLowerCase(java.util.Locale.ROOT),
                row.alert().id(),
                row.alert().rule(),
                row.alert().series(),
                row.state().code(),
                row.attempts(),
                row.mayRepeat(),
                row.lastError(),
                row.createdAt(),
                row.endedAt().isPresent() ? Optional.empty() : Optional.of(row.nextAt()),
                row.endedAt());
    }
}
