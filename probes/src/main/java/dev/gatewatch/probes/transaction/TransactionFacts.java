package dev.gatewatch.probes.transaction;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probes.httpclient.HttpFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The facts of a transaction's run. Those of HTTP are of the last request that was not for cleaning up. */
final class TransactionFacts {
    static final String STEPS = "steps";
    static final String PASSED = "steps_passed";
    static final String SKIPPED = "steps_skipped";
    static final String FAILED_STEP = "failed_step";
    static final String CLEANUP_FAILED = "cleanup_failed";
    static final String CALLBACKS = "callbacks";
    static final String CALLBACK_DUPLICATES = "callback_duplicates";

    /** Families: the name of the step follows a dot. */
    static final String STEP = "step";

    static final String STEP_SUCCESS = "step_success";
    static final String STEP_STATUS = "step_status";
    static final String STEP_REQUESTS = "step_requests";
    static final String STEP_PHASE = "step_phase";
    static final String CALLBACK_SECONDS = "callback_seconds";

    static final List<FactSpec> SPECS = specs();

    private TransactionFacts() {}

    private static List<FactSpec> specs() {
        var specs = new ArrayList<>(List.of(
                FactSpec.gauge(STEPS, "probe_transaction_steps", "Steps of the transaction, clean-up among them."),
                FactSpec.gauge(PASSED, "probe_transaction_steps_passed", "Steps that did what they should."),
                FactSpec.gauge(SKIPPED, "probe_transaction_steps_skipped", "Steps left out because one before them failed."),
                FactSpec.plain(FAILED_STEP, "The step that made the run fail."),
                FactSpec.gauge(
                        CLEANUP_FAILED, "probe_transaction_cleanup_failed", "Clean-up steps that did not do what they should."),
                FactSpec.gauge(CALLBACKS, "probe_transaction_callbacks", "Callbacks that came during the run."),
                FactSpec.gauge(
                        CALLBACK_DUPLICATES,
                        "probe_transaction_callback_duplicates",
                        "Callbacks that came once more with the same content."),
                new FactSpec(
                        STEP,
                        "How a step ended: pass, degraded, fail, broken or skipped.",
                        Optional.empty(),
                        List.of("step"),
                        List.of(),
                        true),
                FactSpec.family(
                        STEP_SUCCESS,
                        "probe_transaction_step_success",
                        "step",
                        "Whether a step did what it should; absent for one that was skipped."),
                FactSpec.family(
                        STEP_STATUS,
                        "probe_transaction_step_status_code",
                        "step",
                        "HTTP status of a step's last answer; 0 without one."),
                FactSpec.family(
                        STEP_REQUESTS, "probe_transaction_step_requests", "step", "Requests that a step sent: more than 1 for polling."),
                FactSpec.family(
                        STEP_PHASE,
                        "probe_transaction_step_phase_seconds",
                        "step_phase",
                        "Seconds that a phase of a step's requests took, as pay.tls."),
                FactSpec.family(
                        CALLBACK_SECONDS,
                        "probe_transaction_callback_seconds",
                        "step",
                        "Seconds from the request that gave the callback's URL away to the callback.")));
        specs.addAll(HttpFacts.SPECS);
        return List.copyOf(specs);
    }
}
