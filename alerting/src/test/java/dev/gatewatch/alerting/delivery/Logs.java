package dev.gatewatch.alerting.delivery;

import dev.gatewatch.view.NoticeLog.Query;
import dev.gatewatch.view.NoticeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The notice log in full. */
final class Logs {
    private Logs() {}

    /** All of it, newest first, page by page. */
    static List<NoticeView> all(Function<Query, List<NoticeView>> log) {
        return all(log, Optional.empty());
    }

    /** One channel's, newest first. */
    static List<NoticeView> of(Function<Query, List<NoticeView>> log, String channel) {
        return all(log, Optional.of(channel));
    }

    private static List<NoticeView> all(Function<Query, List<NoticeView>> log, Optional<String> channel) {
        var all = new ArrayList<NoticeView>();
        long before = Long.MAX_VALUE;
        while (true) {
            List<NoticeView> page =
                    log.apply(new Query(channel, Optional.empty(), Set.of(NoticeView.State.values()), before, 10_000));
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
            before = page.getLast().id();
        }
    }
}
