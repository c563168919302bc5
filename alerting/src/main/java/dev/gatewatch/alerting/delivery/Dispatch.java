package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What alerts hand their news to. */
public interface Dispatch {
    /** The names of the channels that take single notices (messengers); mirrors get pictures instead. */
    Set<String> messengers();

    /**
     * Writes notices for messengers into the outbox, within the transaction that decides them. Those of one channel and group become one
     * message.
     */
    void enqueue(Handle tx, List<Telling> tellings, Instant now);

    /**
     * The transaction holds: sends what was enqueued, and gives mirrors their present picture. Quick, does not throw.
     *
     * @param pictures for each mirror channel all its firing alerts and those resolved in the last 15 minutes; a channel left out has none
     */
    void committed(Map<String, List<AlertView>> pictures, Instant now);
}
