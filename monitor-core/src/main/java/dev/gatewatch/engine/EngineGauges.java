package dev.gatewatch.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * How the engine stands at a moment. Immutable.
 *
 * @param running runs going on
 * @param waiting runs that are due and wait for one of the permits
 * @param queued results that wait for the journal
 * @param dropped results lost since start because the store did not take them for too long
 * @param lag how long ago the oldest result that is journalled and not yet judged was journalled; zero when all are judged
 * @param trouble why results are not stored or judged at present, in a person's words; the daemon is not ready meanwhile
 */
public record EngineGauges(
        int running, int waiting, int queued, long dropped, Duration lag, Optional<String> trouble) {}
