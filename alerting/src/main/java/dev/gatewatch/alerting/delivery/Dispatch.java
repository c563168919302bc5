package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Notice;
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

    /** Writes a notice for a messenger into the outbox, within the transaction that decides it. */
    void enqueue(Handle tx, String channel, Notice.Kind kind, AlertView alert, Instant now);

    /**
     * The transaction holds: sends what was enqueued, and gives mirrors their present picture. Quick, does not throw.
     *
     * @param pictures for each mirror channel all its firing alerts and those resolved in the last 15 minutes; a channel left out has none
     */
    void committed(Map<String, List<AlertView>> pictures, Instant now);
}
