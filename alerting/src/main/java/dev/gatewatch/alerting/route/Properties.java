package dev.gatewatch.alerting.route;

import dev.gatewatch.view.AlertView;
import java.util.List;

/** What routes, groups and silences can ask of an alert by name: its properties, else a label. */
public final class Properties {
    /** All properties that are not labels. */
    public static final List<String> NAMES =
            List.of("severity", "rule", "probe", "type", "region", "location", "cause", "class");

    private Properties() {}

    /** The value; empty for a label that the alert does not have. */
    public static String of(AlertView alert, String name) {
        return switch (name) {
            case "severity" -> alert.severity().code();
            case "rule" -> alert.rule();
            case "probe" -> alert.series().probe();
            case "type" -> alert.type();
            case "region" -> alert.series().region();
            case "location" -> alert.series().location();
            case "cause" -> alert.cause().code();
            case "class" -> alert.cause().causeClass().code();
            default -> alert.labels().getOrDefault(name, "");
        };
    }
}
