package dev.gatewatch.backtest;

import dev.gatewatch.alerting.replay.Nowhere;
import dev.gatewatch.baseline.BaselineSettings;
import java.util.Optional;

/**
 * What all circles share.
 *
 * @param scores where each run's score goes
 * @param pictured whether series are drawn afterwards
 */
record Stage(Nowhere nowhere, BaselineSettings learning, Optional<Scores> scores, boolean pictured) {}
