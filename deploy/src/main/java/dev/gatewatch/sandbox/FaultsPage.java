package dev.gatewatch.sandbox;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page with the switches. */
final class FaultsPage {
    private static final String TEMPLATE = Html.resource("faults.html");

    private FaultsPage() {}

    static String render(World world, Optional<URI> gatewatch) {
        Map<String, List<Fault>> areas =
                Faults.ALL.stream().collect(Collectors.groupingBy(Fault::area, LinkedHashMap::new, Collectors.toList()));
        String link = gatewatch
                .map(u -> "<a class=\"button\" href=\"" + Html.escape(u.toString()) + "\">Gatewatch’s page</a>")
                .orElse("");
        return Html.fill(
                TEMPLATE,
                Map.of(
                        "gatewatch",
                        link,
                        "areas",
                        areas.entrySet().stream()
                                .map(area -> area(area.getKey(), area.getValue(), world))
                                .collect(Collectors.joining("\n"))));
    }

    private static String area(String name, List<Fault> faults, World world) {
        return "<section><h2>" + Html.escape(name) + "</h2><ul class=\"faults\">"
                + faults.stream().map(f -> row(f, world.isActive(f))).collect(Collectors.joining("\n"))
                + "</ul></section>";
    }

    private static String row(Fault fault, boolean active) {
        String id = Html.escape(fault.id());
        return """
                <li class="fault" data-id="%s" data-active="%s">
                <div><p id="about-%s">%s</p><p class="context">%s <code>%s</code></p></div>
                <button type="button" role="switch" aria-checked="%s" aria-labelledby="about-%s">%s</button>
                </li>"""
                .formatted(
                        id,
                        active,
                        id,
                        Html.escape(fault.description()),
                        fault.cause()
                                .map(cause -> "Expect the alert to name <code>" + Html.escape(cause.code()) + "</code>; first noticed by")
                                .orElse("Expect no alert; marked by <code>gatewatch change</code> it is called worse; measured by"),
                        Html.escape(fault.probe()),
                        active,
                        id,
                        active ? "On" : "Off");
    }
}
