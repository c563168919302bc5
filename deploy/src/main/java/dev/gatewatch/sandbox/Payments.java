package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.AcceptsMissingAmount;
import dev.gatewatch.sandbox.Effect.Switch;
import dev.gatewatch.sandbox.Orders.Order;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The gateway's orders and payments; both want an API key or an access token. Safe for many threads. */
final class Payments {
    static final String API_KEY = "sandbox-key";

    /** By so much a late callback is later than others. */
    private static final Duration LATE = Duration.ofMillis(900);

    private final World world;
    private final Tokens tokens;
    private final Orders orders;
    private final Callbacks callbacks;

    Payments(World world, Tokens tokens, Orders orders, Callbacks callbacks) {
        this.world = world;
        this.tokens = tokens;
        this.orders = orders;
        this.callbacks = callbacks;
    }

    /** A field that is missing or malformed. */
    private static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        private final String field;
        private final String reason;

        Invalid(String field, String reason) {
            super(reason);
            this.field = field;
            this.reason = reason;
        }
    }

    Response createOrder(Request request, String requestId) {
        return limited(requestId).or(() -> authorised(request, requestId)).orElseGet(() -> {
            Optional<JsonNode> body = Json.object(request.body());
            if (body.isEmpty()) {
                return notJson(requestId);
            }
            if (world.on(Switch.ORDERS_REFUSED)) {
                return Gateway.refusal(
                        409, "MERCHANT_SUSPENDED", "The merchant is suspended until its documents are renewed.", requestId);
            }
            try {
                if (world.on(Switch.ORDERS_WANT_MORE)) {
                    text(body.get(), "merchant_category", "[0-9]{4}");
                }
                return quota(Response.json(201, shown(orders.create(amount(body.get()), currency(body.get())))));
            } catch (Invalid e) {
                return Gateway.refusal(400, "ORDER_VALIDATION_FAILED", e.field, e.reason, requestId);
            }
        });
    }

    /** The refusal of an order that comes at a bad time. */
    private Optional<Response> limited(String requestId) {
        if (world.on(Switch.RATE_LIMITED)) {
            return Optional.of(Gateway.refusal(429, "RATE_LIMIT_EXCEEDED", "Too many orders; try again later.", requestId)
                    .with("Retry-After", "1")
                    .with("X-RateLimit-Limit", "100")
                    .with("X-RateLimit-Remaining", "0"));
        }
        return world.on(Switch.OVERLOADED)
                ? Optional.of(Gateway.refusal(503, "OVERLOADED", "The gateway is overloaded.", requestId)
                        .with("Retry-After", "1"))
                : Optional.empty();
    }

    private Response quota(Response response) {
        return response.with("X-RateLimit-Limit", "100")
                .with("X-RateLimit-Remaining", world.on(Switch.QUOTA_LOW) ? "2" : "88")
                .with("X-RateLimit-Reset", "30");
    }

    Response order(String id, Request request, String requestId) {
        return authorised(request, requestId)
                .orElseGet(() -> orders.find(id)
                        .map(order -> Response.json(200, shown(order)))
                        .orElseGet(() -> Gateway.refusal(404, "ORDER_NOT_FOUND", "There is no order " + id + ".", requestId)));
    }

    Response pay(Request request, String requestId) {
        return authorised(request, requestId).orElseGet(() -> {
            Optional<JsonNode> body = Json.object(request.body());
            if (body.isEmpty()) {
                return notJson(requestId);
            }
            try {
                return paid(body.get());
            } catch (Invalid e) {
                return Gateway.refusal(400, "PAYMENT_VALIDATION_FAILED", e.field, e.reason, requestId);
            }
        });
    }

    private Response paid(JsonNode body) throws Invalid {
        String orderId = text(body, "order_id", "[A-Za-z0-9_-]{1,80}");
        boolean amountMayMiss = world.latest(AcceptsMissingAmount.class).isPresent();
        BigDecimal amount = amountMayMiss && !body.hasNonNull("total_amount") ? null : amount(body);
        String currency = currency(body);
        Optional<URI> callback = callback(body);
        Order order = orders.pay(orderId, amount, currency);
        Map<String, Object> event = shown(order);
        event.put("status", "paid");
        event.put("event", "payment.succeeded");
        if (!world.on(Switch.CALLBACK_LOST)) {
            Duration later = world.on(Switch.CALLBACK_LATE) ? LATE : Duration.ZERO;
            callback.ifPresent(address -> callbacks.schedule(address, Json.write(event), later));
        }
        return Response.json(201, shown(order));
    }

    private static BigDecimal amount(JsonNode body) throws Invalid {
        String field = "total_amount";
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            throw new Invalid(field, "The field total_amount is required.");
        }
        String text = value.isString() || value.isNumber() ? value.asString() : "";
        if (!text.matches("\\d{1,12}(\\.\\d{1,2})?") || new BigDecimal(text).signum() == 0) {
            throw new Invalid(field, "The field total_amount is not an amount above zero with at most two decimals.");
        }
        return new BigDecimal(text);
    }

    private static String currency(JsonNode body) throws Invalid {
        return text(body, "currency", "[A-Z]{3}");
    }

    private static String text(JsonNode body, String field, String pattern) throws Invalid {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            throw new Invalid(field, "The field " + field + " is required.");
        }
        if (!value.isString() || !value.asString().matches(pattern)) {
            throw new Invalid(field, "The field " + field + " is malformed.");
        }
        return value.asString();
    }

    private static Optional<URI> callback(JsonNode body) throws Invalid {
        String field = "callback_url";
        if (!body.hasNonNull(field)) {
            return Optional.empty();
        }
        return Optional.of(Callbacks.address(body.get(field).asString(""))
                .orElseThrow(() -> new Invalid(field, "The sandbox calls back to http URLs on this machine only.")));
    }

    /** The refusal of a request without a good credential; nothing if it has one. */
    private Optional<Response> authorised(Request request, String requestId) {
        Optional<String> key = request.header("X-Api-Key");
        if (key.isPresent()) {
            return key.get().equals(API_KEY) && !world.on(Switch.KEY_REVOKED)
                    ? Optional.empty()
                    : Optional.of(Gateway.refusal(401, "INVALID_API_KEY", "The API key is not known.", requestId));
        }
        Optional<String> bearer = request.header("Authorization")
                .filter(a -> a.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(a -> a.substring(7).strip());
        if (bearer.isEmpty()) {
            return Optional.of(
                    Gateway.refusal(401, "CREDENTIAL_MISSING", "Send an API key or an access token.", requestId)
                            .with("WWW-Authenticate", "Bearer realm=\"sandbox\""));
        }
        return switch (tokens.standing(bearer.get())) {
            case GOOD -> Optional.empty();
            case EXPIRED -> Optional.of(badToken("TOKEN_EXPIRED", "The access token expired.", requestId));
            case UNKNOWN -> Optional.of(badToken("INVALID_TOKEN", "The access token is not known.", requestId));
        };
    }

    /** As RFC 6750, section 3.1, wants it. */
    private static Response badToken(String code, String message, String requestId) {
        return Gateway.refusal(401, code, message, requestId)
                .with(
                        "WWW-Authenticate",
                        "Bearer realm=\"sandbox\", error=\"invalid_token\", error_description=\"" + message + "\"");
    }

    private static Response notJson(String requestId) {
        return Gateway.refusal(400, "INVALID_JSON", "The body is not a JSON object.", requestId);
    }

    private Map<String, Object> shown(Order order) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put(world.on(Switch.ORDER_ID_RENAMED) ? "order_no" : "order_id", order.id());
        shown.put("status", world.on(Switch.ORDER_STUCK) ? "pending" : order.status(orders.now()));
        if (order.amount() != null) {
            shown.put("total_amount", order.amount().toPlainString());
        }
        shown.put("currency", order.currency());
        shown.put("created_at", order.createdAt().toString());
        if (order.paymentId() != null) {
            shown.put("payment_id", order.paymentId());
        }
        return shown;
    }
}
