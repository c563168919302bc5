package dev.gatewatch.alerting.rule;

import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;

/** Conditions that only their own package can make. */
public final class RuleSamples {
    private RuleSamples() {}

    public static Condition cel(String expression) {
        try {
            return new CelHolds(CelRule.compile(expression));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
