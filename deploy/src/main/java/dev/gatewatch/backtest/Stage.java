package dev.gatewatch.backtest;

import dev.gatewatch.alerting.replay.Nowhere;
import dev.gatewatch.baseline.BaselineSettings;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all circles share.
 *
 * @param scores where each run's score goes
 * @param room for how many more alerts, of all circles and configurations, there is room
 * @param pictured whether series are drawn afterwards
 */
record Stage(Nowhere nowhere, BaselineSettings learning, Optional<Scores> scores, AtomicInteger room, boolean pictured) {}
