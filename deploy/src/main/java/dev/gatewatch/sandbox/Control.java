package dev.gatewatch.sandbox;

import dev.gatewatch.probe.Cause;
import java.io.IOException;
import java.net.URI;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandbox's control server: the faults as an API and as a page, and the inbox. It has no password, so it answers only to this
 * machine by name and takes changes from no other site's pages. Safe for many threads.
 */
final class Control implements Handler {
    private static final Logger log = LoggerFactory.getLogger(Control.class);

    /** All of one length, so that their order as text is their order in time. */
    private static final DateTimeFormatter MOMENT =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

    private static final Map<String, String> ASSETS = Map.of(
            "/sandbox.css", "text/css; charset=utf-8",
            "/faults.js", "text/javascript; charset=utf-8",
            "/inbox.js", "text/javascript; charset=utf-8");

    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final World world;
    private final Inbox inbox;
    private volatile @Nullable URI gatewatch;

    Control(World world, Inbox inbox) {
        this.world = world;
        this.inbox = inbox;
    }

    /** Where Gatewatch's own page is, for a link. */
    void gatewatchAt(URI page) {
        gatewatch = page;
    }

    @Override
    public Response handle(Request request, Caller caller) {
        return refusal(request)
                .orElseGet(() -> route(request))
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "same-origin")
                .with("Cache-Control", "no-store");
    }

    /** A foreign name in Host is DNS rebinding; a foreign Origin on a change is another site's page using the browser. */
    private static Optional<Response> refusal(Request request) {
        String host = request.header("Host").orElse("");
        if (!Loopback.names(host.replaceFirst(":\\d+$", ""))) {
            return Optional.of(error(421, "The sandbox answers to localhost only, not to '" + host + "'."));
        }
        boolean change = !Set.of("GET", "HEAD").contains(request.method());
        boolean foreign = request.header("Origin").filter(o -> !o.equals("http://" + host)).isPresent()
                || request.header("Sec-Fetch-Site")
                        .filter(s -> !s.equals("same-origin") && !s.equals("none"))
                        .isPresent();
        return change && foreign
                ? Optional.of(error(403, "Changes are not taken from another site's page."))
                : Optional.empty();
    }

    private Response route(Request request) {
        List<String> path = request.segments();
        String start = path.isEmpty() ? "" : path.getFirst();
        if (start.equals("faults") && path.size() <= 2) {
            return path.size() == 1 ? all(request) : one(path.get(1), request);
        }
        return switch (request.path()) {
            case "/" -> get(request, () -> page(FaultsPage.render(world, Optional.ofNullable(gatewatch))));
            case "/inbox" -> get(request, () -> page(InboxPage.render(inbox.messages())));
            case "/inbox/items" -> get(request, () -> items(request));
            case "/inbox/messages" -> get(request, this::messages);
            case "/inbox/slack" -> request.method().equals("POST") ? inbox.receive(request) : notAllowed("POST");
            default ->
                ASSETS.containsKey(request.path())
                        ? get(request, () -> Response.of(200, ASSETS.getOrDefault(request.path(), ""), asset(request.path())))
                        : error(404, "There is nothing at " + request.path() + ".");
        };
    }

    private interface Answer {
        Response get();
    }

    private static Response get(Request request, Answer answer) {
        return Set.of("GET", "HEAD").contains(request.method()) ? answer.get() : notAllowed("GET");
    }

    private Response all(Request request) {
        return switch (request.method()) {
            case "GET", "HEAD" -> Response.json(200, shown());
            case "DELETE" -> changed(world::heal).orElseGet(() -> Response.json(200, shown()));
            default -> notAllowed("GET, DELETE");
        };
    }

    private Response one(String id, Request request) {
        Optional<Fault> found = Faults.find(id);
        if (found.isEmpty()) {
            return error(404, "There is no fault '" + id + "'; GET /faults lists them.");
        }
        Fault fault = found.get();
        return switch (request.method()) {
            case "GET", "HEAD" -> Response.json(200, shown(fault));
            case "PUT" -> changed(() -> world.turn(fault, true)).orElseGet(() -> Response.json(200, shown(fault)));
            case "DELETE" -> changed(() -> world.turn(fault, false)).orElseGet(() -> Response.json(200, shown(fault)));
            default -> notAllowed("GET, PUT, DELETE");
        };
    }

    private interface Change {
        void make() throws IOException;
    }

    private static Optional<Response> changed(Change change) {
        try {
            change.make();
            return Optional.empty();
        } catch (IOException e) {
            log.warn("a fault could not be switched fully: {}", e.getMessage());
            return Optional.of(error(503, "Switched, and not in force yet: " + e.getMessage() + ". Try again."));
        }
    }

    private List<Map<String, Object>> shown() {
        return Faults.ALL.stream().map(this::shown).toList();
    }

    private Map<String, Object> shown(Fault fault) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", fault.id());
        shown.put("description", fault.description());
        shown.put("area", fault.area());
        shown.put("cause", fault.cause().map(Cause::code).orElse(null));
        shown.put("probe", fault.probe());
        shown.put("active", world.isActive(fault));
        return shown;
    }

    /** The messages that came after one that the page has; 409 if the page is older than this sandbox. */
    private Response items(Request request) {
        long after;
        try {
            after = Long.parseLong(request.queryFields().getOrDefault("after", "0"));
        } catch (NumberFormatException _) {
            return error(400, "after is the id of a message");
        }
        if (after > inbox.last()) {
            return error(409, "that message is from before the sandbox was started again");
        }
        List<Inbox.Message> newer =
                inbox.messages().stream().filter(m -> m.id() > after).toList();
        return newer.isEmpty() ? Response.empty(204) : page(InboxPage.items(newer));
    }

    private Response messages() {
        return Response.json(
                200,
                inbox.messages().stream()
                        .map(m -> {
                            Map<String, Object> shown = new LinkedHashMap<>();
                            shown.put("id", m.id());
                            shown.put("receivedAt", MOMENT.format(m.received()));
                            shown.put("text", m.text());
                            shown.put("payload", m.payload());
                            return shown;
                        })
                        .toList());
    }

    private static String asset(String path) {
        return Html.resource(path.substring(1));
    }

    private static Response page(String html) {
        return Response.of(200, Response.HTML, html).with("Content-Security-Policy", POLICY);
    }

    private static Response notAllowed(String methods) {
        return error(405, "Use " + methods + " here.").with("Allow", methods);
    }

    private static Response error(int status, String message) {
        return Response.json(status, Map.of("error", message));
    }
}
