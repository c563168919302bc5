package dev.gatewatch.alerting.route;

import java.time.Instant;
import java.util.Collection;

/** Decides who is told of which alerts when. A pure function of what it is given: it keeps nothing from call to call. */
@FunctionalInterface
public interface Router {
    /**
     * What is to be told now.
     *
     * @param alerts all firing alerts, and the resolved ones whose end some channel does not know yet
     */
    Decision decide(Collection<Tellable> alerts, Instant now);
}
