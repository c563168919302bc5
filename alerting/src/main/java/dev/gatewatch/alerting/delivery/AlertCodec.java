package dev.gatewatch.alerting.delivery;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling;
import dev.gatewatch.view.Handling.Acknowledgement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Alerts as the outbox keeps them: JSON, written out field by field, so that a renamed field in the code does not orphan what waits. */
final class AlertCodec {
    private static final JsonMapper JSON = JsonMapper.shared();

    private AlertCodec() {}

    static String encode(AlertView alert) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", alert.id())
                .put("fingerprint", alert.fingerprint())
                .put("rule", alert.rule())
                .put("probe", alert.series().probe())
                .put("region", alert.series().region())
                .put("location", alert.series().location())
                .put("type", alert.type())
                .put("target", alert.target())
                .put("severity", alert.severity().name())
                .put("state", alert.state().name())
                .put("cause", alert.cause().code())
                .put("message", alert.message())
                .put("evidence", alert.evidence())
                .put("startsAt", alert.startsAt().toString())
                .put("endReason", alert.endReason());
        alert.firedAt().ifPresent(at -> json.put("firedAt", at.toString()));
        alert.endsAt().ifPresent(at -> json.put("endsAt", at.toString()));
        Handling handling = alert.handling();
        json.put("incident", handling.incident()).put("flapping", handling.flapping());
        handling.acknowledged().ifPresent(by -> json.putObject("acknowledged")
                .put("by", by.by())
                .put("at", by.at().toString())
                .put("comment", by.comment()));
        handling.dependents().forEach(json.putArray("dependents")::add);
        alert.labels().forEach(json.putObject("labels")::put);
        alert.annotations().forEach(json.putObject("annotations")::put);
        return json.toString();
    }

    /** Tolerates what an older or newer version left out or called otherwise: a notice that waits must go out. */
    static AlertView decode(String text) {
        JsonNode json = JSON.readTree(text);
        return new AlertView(
                text(json, "id"),
                text(json, "fingerprint"),
                text(json, "rule"),
                new Series(text(json, "probe"), text(json, "region"), text(json, "location")),
                text(json, "type"),
                text(json, "target"),
                constant(AlertView.Severity.values(), text(json, "severity"), AlertView.Severity.CRITICAL),
                constant(AlertView.State.values(), text(json, "state"), AlertView.State.FIRING),
                Cause.of(text(json, "cause")).orElse(Cause.INTERNAL_ERROR),
                text(json, "message"),
                text(json, "evidence"),
                time(json, "startsAt").orElse(Instant.EPOCH),
                time(json, "firedAt"),
                time(json, "endsAt"),
                text(json, "endReason"),
                map(json, "labels"),
                map(json, "annotations"),
                new Handling(
                        text(json, "incident"),
                        acknowledged(json.path("acknowledged")),
                        Optional.empty(),
                        json.path("flapping").asBoolean(false),
                        json.path("dependents").valueStream().map(d -> d.asString("")).toList()));
    }

    private static Optional<Acknowledgement> acknowledged(JsonNode json) {
        return time(json, "at").map(at -> new Acknowledgement(text(json, "by"), at, text(json, "comment")));
    }

    private static String text(JsonNode json, String field) {
        return json.path(field).asString("");
    }

    private static <E extends Enum<E>> E constant(E[] constants, String name, E otherwise) {
        for (E constant : constants) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        return otherwise;
    }

    private static Optional<Instant> time(JsonNode json, String field) {
        String text = text(json, field);
        return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    }

    private static SequencedMap<String, String> map(JsonNode json, String field) {
        var map = new LinkedHashMap<String, String>();
        json.path(field).properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asString("")));
        return map;
    }
}
