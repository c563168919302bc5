package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.Switch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What people and merchants of different rights may see and do. Safe for many threads. */
final class Backoffice {
    static final String CASHIER_KEY = "cashier-key";
    static final String MANAGER_KEY = "manager-key";

    /** Each merchant's key, and what only that merchant may see. */
    static final Map<String, String> MERCHANTS = Map.of("acme-key", "acme", "globex-key", "globex");

    /** Every so many answers one is another merchant's. */
    private static final int MIXED_EVERY = 5;

    private final World world;
    private final AtomicLong accounts = new AtomicLong();

    Backoffice(World world) {
        this.world = world;
    }

    /** {@code GET /transactions}: for cashiers and managers. */
    Response transactions(Request request, String requestId) {
        return role(request).isPresent()
                ? Response.json(200, Map.of("transactions", java.util.List.of()))
                : denied("transactions:List", request, requestId);
    }

    /** {@code POST /refunds}: for managers only. */
    Response refund(Request request, String requestId) {
        Optional<String> role = role(request);
        boolean allowed = role.filter("manager"::equals).isPresent()
                ? !world.on(Switch.PERMISSION_LOST)
                : role.isPresent() && world.on(Switch.PERMISSION_TOO_WIDE);
        return allowed
                ? Response.json(200, Map.of("status", "dry run", "refunded", false))
                : denied("refunds:Create", request, requestId);
    }

    /** {@code GET /account}: each merchant's own. */
    Response account(Request request, String requestId) {
        Optional<String> own = request.header("X-Api-Key").map(MERCHANTS::get);
        if (own.isEmpty()) {
            return Gateway.refusal(401, "INVALID_API_KEY", "The API key is not known.", requestId);
        }
        String merchant = own.get();
        if (world.on(Switch.TENANTS_MIXED) && accounts.incrementAndGet() % MIXED_EVERY == 0) {
            merchant = MERCHANTS.values().stream().filter(m -> !m.equals(own.get())).findFirst().orElse(merchant);
        }
        var account = new LinkedHashMap<String, Object>();
        account.put("merchant", merchant);
        account.put("iban", "DE00 " + merchant.toUpperCase(java.util.Locale.ROOT) + " 0001");
        return Response.json(200, account).with("X-Merchant", merchant);
    }

    private static Optional<String> role(Request request) {
        return request.header("X-Api-Key").flatMap(key -> switch (key) {
            case CASHIER_KEY -> Optional.of("cashier");
            case MANAGER_KEY -> Optional.of("manager");
            default -> Optional.<String>empty();
        });
    }

    /** As cloud providers word it. */
    private static Response denied(String action, Request request, String requestId) {
        String who = role(request).orElse("anonymous");
        var body = new LinkedHashMap<String, Object>();
        body.put("__type", "AccessDeniedException");
        body.put("message", "User " + who + " is not authorized to perform: " + action);
        body.put("requestId", requestId);
        return Response.json(403, body);
    }
}
