package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.Slower;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Exchange rates, which the gateway of each region fetches from a bank in Europe: the further away, the longer it takes, give or take a
 * few percent. Safe for many threads.
 */
final class Rates {
    private static final double SCATTER = 0.03;

    private final Region region;
    private final World world;
    private final RandomGenerator random;

    /** @param random may be asked by many threads */
    Rates(Region region, World world, RandomGenerator random) {
        this.region = region;
        this.world = world;
        this.random = random;
    }

    /** How long the way to the bank takes. */
    static Duration distance(Region region) {
        return switch (region) {
            case EU -> Duration.ofMillis(120);
            case US -> Duration.ofMillis(180);
            case AP -> Duration.ofMillis(290);
        };
    }

    Response answer(Handler.Caller caller) throws InterruptedException {
        double longer = world.effects(Slower.class)
                .filter(slower -> slower.in(region))
                .mapToDouble(Slower::factor)
                .reduce(1 + SCATTER * random.nextGaussian(), (a, b) -> a * b);
        Duration takes = Duration.ofNanos(Math.max(0, Math.round(distance(region).toNanos() * longer)));
        caller.whileConnected(() -> Thread.sleep(takes));
        Map<String, Object> rates = new LinkedHashMap<>();
        rates.put("base", "EUR");
        rates.put("rates", Map.of("USD", 1.0842, "JPY", 162.31));
        return Response.json(200, rates);
    }
}
