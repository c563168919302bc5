package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.AnswersStatus;
import dev.gatewatch.sandbox.Effect.Hangs;
import dev.gatewatch.sandbox.Effect.HealthDown;
import dev.gatewatch.sandbox.Effect.Slow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The payment gateway of one region: what it answers, and how the faults that are on change that. The port, and with it being down,
 * is the listener's. Safe for many threads.
 */
final class Gateway implements Handler {
    private final Region region;
    private final World world;
    private final TokenEndpoint tokens;
    private final Payments payments;
    private final Statement statement;
    private final Backoffice backoffice;
    private final Operations operations;
    private final Rates rates;

    Gateway(
            Region region,
            World world,
            TokenEndpoint tokens,
            Payments payments,
            Backoffice backoffice,
            Operations operations) {
        this.region = region;
        this.world = world;
        this.tokens = tokens;
        this.payments = payments;
        this.statement = new Statement(world);
        this.backoffice = backoffice;
        this.operations = operations;
        this.rates = new Rates(region, world, RandomGenerator.getDefault());
    }

    @Override
    public Response handle(Request request, Caller caller) throws InterruptedException {
        String requestId = "req_" + UUID.randomUUID();
        if (world.felt(Hangs.class, region)) {
            caller.whileConnected(() -> world.awaitEnd(Hangs.class, region));
        }
        Duration delay = world.effects(Slow.class)
                .filter(s -> s.in(region))
                .map(Slow::by)
                .reduce(Duration.ZERO, Duration::plus);
        if (delay.isPositive()) {
            caller.whileConnected(() -> Thread.sleep(delay));
        }
        Optional<AnswersStatus> instead = world.effects(AnswersStatus.class)
                .filter(a -> a.in(region))
                .reduce((_, later) -> later);
        Response response = instead.isPresent()
                ? refusal(instead.get().status(), "INTERNAL_ERROR", "An internal error occurred.", requestId)
                : route(request, caller, requestId);
        return response.with("X-Request-Id", requestId).with("X-Region", region.code());
    }

    private Response route(Request request, Caller caller, String requestId) throws InterruptedException {
        if (request.path().equals("/rates")) {
            Optional<Response> refused = only("GET", request, requestId);
            return refused.isPresent() ? refused.get() : rates.answer(caller);
        }
        List<String> path = request.segments();
        String first = path.isEmpty() ? "" : path.getFirst();
        return switch (request.path()) {
            case "/health" -> only("GET", request, requestId).orElseGet(this::health);
            case "/info" -> only("GET", request, requestId).orElseGet(() -> operations.info(region));
            case "/statement" -> only("GET", request, requestId).orElseGet(statement::answer);
            case "/account" -> only("GET", request, requestId).orElseGet(() -> backoffice.account(request, requestId));
            case "/refunds" -> only("POST", request, requestId).orElseGet(() -> backoffice.refund(request, requestId));
            case "/actuator/env" -> only("GET", request, requestId).orElseGet(operations::environment);
            case "/metrics" -> only("GET", request, requestId).orElseGet(operations::metrics);
            case "/v1/health/service/payments" -> only("GET", request, requestId).orElseGet(operations::registry);
            case "/oauth/token" -> only("POST", request, requestId).orElseGet(() -> tokens.answer(request));
            case "/orders" -> only("POST", request, requestId).orElseGet(() -> payments.createOrder(request, requestId));
            case "/transactions" ->
                only("GET", request, requestId).orElseGet(() -> backoffice.transactions(request, requestId));
            case "/payments" -> only("POST", request, requestId).orElseGet(() -> payments.pay(request, requestId));
            default ->
                path.size() == 2 && first.equals("orders")
                        ? only("GET", request, requestId).orElseGet(() -> payments.order(path.get(1), request, requestId))
                        : refusal(404, "NOT_FOUND", "There is nothing at this path.", requestId);
        };
    }

    private static Optional<Response> only(String method, Request request, String requestId) {
        if (request.method().equals(method) || (method.equals("GET") && request.method().equals("HEAD"))) {
            return Optional.empty();
        }
        return Optional.of(refusal(405, "METHOD_NOT_ALLOWED", "Use " + method + " here.", requestId).with("Allow", method));
    }

    /** Answers 200 either way, as health reports that are for people do; what counts is what the report says. */
    private Response health() {
        List<String> down = world.effects(HealthDown.class).map(HealthDown::component).toList();
        Map<String, Object> components = new LinkedHashMap<>();
        for (String component : List.of("db", "queue", "callbacks")) {
            components.put(component, Map.of("status", down.contains(component) ? "DOWN" : "UP"));
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("status", down.isEmpty() ? "UP" : "DOWN");
        report.put("region", region.code());
        report.put("components", components);
        return Response.json(200, report);
    }

    /** An error as this gateway words it. */
    static Response refusal(int status, String code, String message, String requestId) {
        return refusal(status, code, null, message, requestId);
    }

    static Response refusal(
            int status,
            String code,
            @Nullable String field,
            String message,
            String requestId) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        if (field != null) {
            error.put("field", field);
        }
        error.put("message", message);
        error.put("request_id", requestId);
        return Response.json(status, Map.of("error", error));
    }
}
