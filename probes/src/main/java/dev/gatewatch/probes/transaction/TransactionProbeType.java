package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import java.util.List;
import java.util.Optional;

/** Probes that go through a whole payment: order, pay, wait for its callback and its state, clean up. */
public final class TransactionProbeType implements ProbeType {
    @Override
    public String name() {
        return "transaction";
    }

    @Override
    public String description() {
        return "Goes through a payment step by step: requests with values captured from the answers before, generated and signed values,"
                + " polling until the order has its state, callbacks from the gateway, requests that must be refused, and clean-up.";
    }

    @Override
    public List<Key<?>> keys() {
        return TransactionKeys.ALL;
    }

    @Override
    public Key<?> endpoint() {
        return TransactionKeys.BASE_URL;
    }

    @Override
    public List<FactSpec> facts() {
        return TransactionFacts.SPECS;
    }

    @Override
    public List<String> phases() {
        return List.of("*");
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_transaction_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        return new TransactionProbe(TransactionKeys.read(section));
    }
}
