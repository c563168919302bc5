package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.Switch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the gateway tells those who run it: configuration, registry, metrics. Safe for many threads. */
final class Operations {
    private static final int POOL = 100;
    private static final int IN_USE = 12;

    /** Connections that leak in a second, while they do. */
    private static final double LEAK = 4;

    private final World world;
    private final Clock clock;
    private final Supplier<List<Integer>> ports;
    private final Supplier<Integer> strangePort;
    private volatile @Nullable Instant leakingSince;

    /**
     * @param ports of the instances that are registered
     * @param strangePort of one that should not be
     */
    Operations(World world, Clock clock, Supplier<List<Integer>> ports, Supplier<Integer> strangePort) {
        this.world = world;
        this.clock = clock;
        this.ports = ports;
        this.strangePort = strangePort;
        world.onChange(this::leak);
    }

    private void leak() {
        boolean leaks = world.on(Switch.CONNECTIONS_LEAK);
        if (!leaks) {
            leakingSince = null;
        } else if (leakingSince == null) {
            leakingSince = clock.instant();
        }
    }

    /** As Spring Boot's {@code /actuator/env}. */
    Response environment() {
        boolean drifted = world.on(Switch.CONFIGURATION_DRIFTED);
        var properties = new LinkedHashMap<String, Object>();
        properties.put("spring.datasource.url", value("jdbc:postgresql://" + (drifted ? "localhost" : "db.internal") + ":5432/payments"));
        properties.put("spring.datasource.password", value("******"));
        properties.put("spring.jpa.show-sql", value(drifted));
        properties.put("logging.level.root", value(drifted ? "DEBUG" : "WARN"));
        properties.put("server.tomcat.threads.max", value(200));
        return Response.json(
                200,
                Map.of(
                        "activeProfiles", List.of("production"),
                        "propertySources",
                        List.of(Map.of("name", "applicationConfig: [application-production.yml]", "properties", properties))));
    }

    private static Map<String, Object> value(Object value) {
        return Map.of("value", value);
    }

    /** Versions, as {@code /info} shows them. */
    Response info(Region region) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("service", "payment-gateway");
        info.put("version", "2.4.1");
        info.put("region", region.code());
        info.put("runtime", Map.of("java", "25", "tls", "1.3"));
        info.put(
                "dependencies",
                Map.of("database-driver", world.on(Switch.VERSION_DRIFTED) ? "42.2.5" : "42.7.4", "http-client", "5.5.1"));
        return Response.json(200, info);
    }

    /** As Consul's {@code /v1/health/service/payments}. */
    Response registry() {
        var instances = new ArrayList<Integer>(ports.get());
        if (world.on(Switch.INSTANCE_LOST)) {
            instances.removeLast();
        }
        if (world.on(Switch.INSTANCE_STRANGE)) {
            instances.add(strangePort.get());
        }
        return Response.json(
                200,
                instances.stream()
                        .map(port -> Map.of(
                                "Node", Map.of("Address", "127.0.0.1"),
                                "Service", Map.of("Address", "127.0.0.1", "Port", port),
                                "Checks", List.of(Map.of("Status", "passing"))))
                        .toList());
    }

    /** In Prometheus' text format. */
    Response metrics() {
        Instant since = leakingSince;
        double leaked = since == null ? 0 : Duration.between(since, clock.instant()).toMillis() / 1000.0 * LEAK;
        int used = (int) Math.min(POOL, IN_USE + leaked);
        return Response.of(200, "text/plain; version=0.0.4; charset=utf-8", """
                # HELP db_pool_connections_in_use Database connections that are lent out.
                # TYPE db_pool_connections_in_use gauge
                db_pool_connections_in_use{pool="payments"} %d
                # HELP db_pool_connections_max Database connections that there may be.
                # TYPE db_pool_connections_max gauge
                db_pool_connections_max{pool="payments"} %d
                # HELP http_server_requests_total Requests answered.
                # TYPE http_server_requests_total counter
                http_server_requests_total{status="2xx"} %d
                """.formatted(used, POOL, clock.millis() / 100));
    }
}
