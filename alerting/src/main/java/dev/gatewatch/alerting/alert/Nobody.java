package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.delivery.Dispatch;
import dev.gatewatch.alerting.route.Decision;
import dev.gatewatch.alerting.route.Router;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Who is told of what is past. */
final class Nobody {
    private static final Decision NOTHING = new Decision(List.of(), Map.of(), Map.of(), List.of(), Instant.MAX);

    static final Router ROUTER = (_, _) -> NOTHING;

    static final Dispatch DISPATCH = new Dispatch() {
        @Override
        public Set<String> messengers() {
            return Set.of();
        }

        @Override
        public void enqueue(Handle tx, List<Telling> tellings, Instant now) {}

        @Override
        public void committed(Map<String, List<AlertView>> pictures, Instant now) {}
    };

    private Nobody() {}
}
