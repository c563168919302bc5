package dev.gatewatch.probes.expect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A health report as services give it: Spring Boot's ({@code status}, {@code components}, before 2.3 {@code details}), MicroProfile
 * Health's ({@code status}, {@code checks} as a list with names), draft-inadarei-api-health-check's ({@code status}, {@code checks} as
 * lists by name), ASP.NET's ({@code status}, {@code entries} or {@code results}), NestJS Terminus' ({@code status}, {@code details}),
 * Elasticsearch's colours; and as text Kubernetes' {@code [-]etcd failed} and ASP.NET's one word. Immutable.
 *
 * @param status as written
 * @param down where in the document a component is down, as {@code components.db}, innermost first
 */
record HealthDocument(String status, List<String> down) {
    private static final Set<String> BAD = Set.of(
            "down", "out_of_service", "fail", "failed", "error", "unhealthy", "critical", "unavailable", "service_unavailable",
            "not_serving", "not_ready", "red");
    private static final Set<String> GOOD = Set.of(
            "up", "ok", "pass", "passed", "warn", "warning", "healthy", "degraded", "unknown", "serving", "available", "ready",
            "live", "green", "yellow");
    private static final List<String> CHILDREN = List.of(
            "components", "checks", "details", "entries", "results", "services", "dependencies");

    /** A line of Kubernetes' {@code /readyz?verbose}, and of what follows its manner. */
    private static final Pattern CHECK_LINE = Pattern.compile("(?m)^\\[([+-])\\](\\S{1,100}) (.{1,200})$");
    private static final int LARGEST_TEXT = 16 * 1_024;

    /** Health reports nest two or three levels deep. */
    private static final int DEEPEST = 6;

    private static final int MOST = 5;

    /** Reads a document; nothing where it is no health report. */
    static Optional<HealthDocument> of(JsonNode document) {
        Optional<String> status = status(document);
        if (status.isEmpty() || !(isBad(status.get()) || GOOD.contains(normal(status.get())))) {
            return Optional.empty();
        }
        var down = new ArrayList<String>();
        gather(document, "", 0, down);
        return Optional.of(new HealthDocument(status.get(), List.copyOf(down)));
    }

    /** Reads a report in plain text; nothing where it is none. */
    static Optional<HealthDocument> ofText(String text) {
        String word = text.strip();
        if (isBad(word) || GOOD.contains(normal(word))) {
            return Optional.of(new HealthDocument(word, List.of()));
        }
        if (text.length() > LARGEST_TEXT) {
            return Optional.empty();
        }
        var down = new ArrayList<String>();
        boolean any = false;
        Matcher line = CHECK_LINE.matcher(text);
        while (line.find()) {
            any = true;
            if (line.group(1).equals("-") && down.size() < MOST) {
                down.add(line.group(2) + " is " + line.group(3).split(":", 2)[0].strip());
            }
        }
        return any
                ? Optional.of(new HealthDocument(down.isEmpty() ? "ok" : "failed", List.copyOf(down)))
                : Optional.empty();
    }

    /** Whether the report says that the service, taken as a whole, is not well. */
    boolean isDown() {
        return isBad(status);
    }

    /** For messages: {@code (components.db is DOWN)}; empty where no component is named. */
    String shown() {
        return down.isEmpty() ? "" : " (" + String.join(", ", down) + ")";
    }

    /** Whether a value is how services say that something is down. */
    static boolean isBad(String status) {
        return BAD.contains(normal(status));
    }

    private static String normal(String status) {
        return status.toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
    }

    private static Optional<String> status(JsonNode node) {
        JsonNode status = node.get("status");
        return status != null && status.isString() ? Optional.of(status.stringValue()) : Optional.empty();
    }

    private static void gather(JsonNode node, String path, int depth, List<String> down) {
        if (depth > DEEPEST || down.size() >= MOST) {
            return;
        }
        int before = down.size();
        for (String name : CHILDREN) {
            JsonNode children = node.get(name);
            if (children == null) {
                continue;
            }
            if (children.isObject()) {
                for (Map.Entry<String, JsonNode> child : children.properties()) {
                    member(child.getValue(), join(join(path, name), child.getKey()), depth, down);
                }
            } else if (children.isArray()) {
                list(children, join(path, name), depth, down);
            }
        }
        // a component that is down only because of one within it is not named again
        if (down.size() == before && !path.isEmpty() && down.size() < MOST) {
            status(node).filter(HealthDocument::isBad).ifPresent(s -> down.add(path + " is " + s));
        }
    }

    private static void member(JsonNode child, String path, int depth, List<String> down) {
        if (child.isArray()) {
            child.forEach(each -> gather(each, path, depth + 1, down));
        } else if (child.isString() && isBad(child.stringValue()) && down.size() < MOST) {
            down.add(path + " is " + child.stringValue());
        } else if (child.isObject()) {
            gather(child, path, depth + 1, down);
        }
    }

    private static void list(JsonNode children, String path, int depth, List<String> down) {
        for (int i = 0; i < children.size(); i++) {
            JsonNode name = children.get(i).get("name");
            String label = name != null && name.isString() ? name.stringValue() : String.valueOf(i);
            gather(children.get(i), join(path, label), depth + 1, down);
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
