package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.Switch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The monthly statement: an answer with a body worth mentioning, and all that can go wrong with bodies. Safe for many threads. */
final class Statement {
    private static final int LINES = 200;
    private static final int HUGE = 3 << 20;

    private final World world;

    Statement(World world) {
        this.world = world;
    }

    Response answer() {
        if (world.on(Switch.STATEMENT_RESET)) {
            return Response.text(200, "never sent").delivered(Response.Delivery.RESET);
        }
        if (world.on(Switch.STATEMENT_REDIRECTS)) {
            return Response.empty(302).with("Location", "/statement");
        }
        if (world.on(Switch.STATEMENT_NOT_JSON)) {
            return Response.of(200, Response.HTML, "<html><body><h1>Scheduled maintenance</h1></body></html>");
        }
        if (world.on(Switch.STATEMENT_HUGE)) {
            return Response.json(200, Map.of("month", "2026-10", "filler", "x".repeat(HUGE)));
        }
        Response whole = Response.json(200, document());
        if (world.on(Switch.STATEMENT_CUT)) {
            return whole.delivered(Response.Delivery.CUT);
        }
        return world.on(Switch.STATEMENT_STALLS) ? whole.delivered(Response.Delivery.STALLS) : whole;
    }

    private Map<String, Object> document() {
        var lines = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < (world.on(Switch.STATEMENT_EMPTY) ? 0 : LINES); i++) {
            lines.add(Map.of("order", "ord_" + i, "amount", "12.50"));
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("month", "2026-10");
        document.put("currency", "EUR");
        document.put("total", world.on(Switch.STATEMENT_EMPTY) ? "0.00" : "2500.00");
        document.put("lines", List.copyOf(lines));
        return document;
    }
}
