package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.callback.Callback;
import dev.gatewatch.probes.callback.CallbackBox;
import dev.gatewatch.probes.callback.CallbackPort;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.transaction.Step.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the callbacks of one run arrive, by the variable that holds the address. Confined to the run's thread. */
final class Mailbox implements AutoCloseable {
    private final Map<String, CallbackBox> boxes = new LinkedHashMap<>();
    private final Map<String, GivenAway> givenAway = new HashMap<>();
    private final List<Callback> taken = new ArrayList<>();

    /** When, and in which step, a target was told an address; by {@link System#nanoTime}. */
    record GivenAway(long nanos, String step) {}

    private Mailbox() {}

    /**
     * The boxes that the steps need, listening.
     *
     * @throws ProbeFailure when we cannot listen
     */
    static Mailbox of(TransactionConfig config, Optional<CallbackPort> port) throws ProbeFailure {
        var mailbox = new Mailbox();
        try {
            for (Step step : config.steps()) {
                if (step.action() instanceof Action.Await(CallbackWait callback)
                        && !mailbox.boxes.containsKey(callback.variable())) {
                    mailbox.boxes.put(callback.variable(), port.orElseThrow().box());
                }
            }
            return mailbox;
        } catch (ProbeFailure e) {
            mailbox.close();
            throw e;
        }
    }

    /** Tells the addresses to the steps. */
    void fill(Variables variables) {
        boxes.forEach((variable, box) -> variables.put(variable, box.url(), true));
    }

    /** What of the addresses must not be seen even alone: their secret part. */
    List<Secret> secrets() {
        return boxes.values().stream()
                .map(box -> new Secret(box.url().substring(box.url().lastIndexOf('/') + 1)))
                .toList();
    }

    /** Notes that a request with these variables is about to be sent. */
    void sending(Iterable<String> variables, String step) {
        for (String variable : variables) {
            if (boxes.containsKey(variable)) {
                givenAway.putIfAbsent(variable, new GivenAway(System.nanoTime(), step));
            }
        }
    }

    CallbackBox box(CallbackWait callback) {
        return Optional.ofNullable(boxes.get(callback.variable())).orElseThrow();
    }

    Optional<GivenAway> givenAway(CallbackWait callback) {
        return Optional.ofNullable(givenAway.get(callback.variable()));
    }

    void took(Callback callback) {
        taken.add(callback);
    }

    /** Tells how many came, and what nobody waited for. */
    void tell(Report.Builder report) {
        if (boxes.isEmpty()) {
            return;
        }
        int received = 0;
        int duplicates = 0;
        for (CallbackBox box : boxes.values()) {
            received += box.received();
            duplicates += (int) box.left().stream().filter(this::wasTaken).count();
        }
        report.fact(TransactionFacts.CALLBACKS, received);
        report.fact(TransactionFacts.CALLBACK_DUPLICATES, duplicates);
    }

    private boolean wasTaken(Callback callback) {
        return taken.stream().anyMatch(t -> t.body().equals(callback.body()) && t.target().equals(callback.target()));
    }

    @Override
    public void close() {
        boxes.values().forEach(CallbackBox::close);
    }
}
