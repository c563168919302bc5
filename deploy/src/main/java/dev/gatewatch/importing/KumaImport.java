package dev.gatewatch.importing;

import static dev.gatewatch.importing.Imported.ordered;

import dev.gatewatch.config.ConfigFiles;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Probes from a backup of Uptime Kuma (its JSON export). */
final class KumaImport {
    private final Imported imported = new Imported();

    private KumaImport() {}

    /** Reads the file, which as JSON is YAML too; nothing where a problem was told. */
    static Optional<Imported> read(Path file, Problems problems) {
        return ConfigFiles.readForeign(file, problems).root().map(root -> {
            var work = new KumaImport();
            var backup = Foreign.of(Optional.of(root));
            for (Node notification : backup.list("notificationList")) {
                work.channel(Foreign.of(Optional.of(notification)));
            }
            for (Node monitor : backup.list("monitorList")) {
                work.monitor(Foreign.of(Optional.of(monitor)));
            }
            if (work.imported.probes() == 0) {
                work.imported.note("", "no monitor was found; is it the JSON backup of Uptime Kuma (Settings, Backup)?");
            }
            return work.imported;
        });
    }

    private void channel(Foreign notification) {
        String name = notification.text("name").orElse("notification");
        String config = notification.text("config").orElse("");
        if (config.contains("\"type\":\"slack\"")) {
            imported.channel(ordered(
                    "name", "slack", "type", "slack", "webhook_url", imported.secret(name, "webhook URL")));
        } else {
            imported.note("notification " + name, "was not carried over");
        }
    }

    private void monitor(Foreign m) {
        String name = m.text("name").orElse("monitor");
        String type = m.text("type").orElse("");
        var keys = new LinkedHashMap<String, Object>();
        keys.put("interval", m.text("interval").orElse("60") + "s");
        keys.put("timeout", m.text("timeout").filter(t -> !t.equals("0")).orElse("48") + "s");
        GatusImport.fitTimeout(keys);
        if (m.text("active").filter(a -> a.equals("false") || a.equals("0")).isPresent()) {
            keys.put("enabled", false);
        }
        String host = m.text("hostname").orElse("");
        String port = m.text("port").orElse("0");
        switch (type) {
            case "http", "keyword", "json-query" -> http(name, type, keys, m);
            case "port" -> {
                keys.put("target", host + ":" + port);
                imported.probe(name, "tcp", keys, failures(m));
            }
            case "ping" -> {
                keys.put("target", host);
                imported.probe(name, "icmp", keys, failures(m));
            }
            case "dns" -> {
                keys.put("query", host);
                keys.put("record", m.text("dns_resolve_type").orElse("A"));
                m.text("dns_resolve_server")
                        .ifPresent(server -> keys.put(
                                "resolvers", List.of(server.split(",")[0].strip() + ":" + (port.equals("0") ? "53" : port))));
                imported.probe(name, "dns", keys, failures(m));
            }
            default -> imported.note(name, "monitors of type \"" + type + "\" cannot be carried over");
        }
    }

    private static int failures(Foreign m) {
        return Math.max(1, m.count("maxretries").orElse(0) + 1);
    }

    private void http(String name, String type, SequencedMap<String, Object> keys, Foreign m) {
        keys.put("url", BlackboxImport.escaped(imported.address(name, m.text("url").orElse(""))));
        m.text("method").filter(method -> !method.equals("GET")).ifPresent(method -> keys.put("method", method));
        m.text("body").ifPresent(body -> {
            keys.put("body", BlackboxImport.escaped(body));
            keys.put("headers", ordered("Content-Type", "application/json"));
        });
        m.text("headers").ifPresent(_ -> imported.note(name, "its request headers were not copied, as they may be secret; add headers"));
        m.text("basic_auth_user").ifPresent(user -> keys.put(
                "auth", ordered("basic", ordered("username", user, "password", imported.secret(name, "password")))));
        if (m.flag("ignoreTls")) {
            keys.put("tls", ordered("insecure", true));
        }
        m.count("maxredirects").filter(n -> n != 10).ifPresent(n -> keys.put("max_redirects", n));
        var expect = new LinkedHashMap<String, Object>();
        List<Object> statuses = m.texts("accepted_statuscodes").stream().map(KumaImport::status).toList();
        if (!statuses.isEmpty() && !statuses.equals(List.of("2xx"))) {
            expect.put("status", statuses);
        }
        if (type.equals("keyword")) {
            expect.put("body", ordered(
                    m.flag("invertKeyword") ? "not_contains" : "contains", List.of(m.text("keyword").orElse(""))));
        }
        if (type.equals("json-query")) {
            imported.note(name, "its JSONata query was not carried over; write it as a JSONPath in expect.json");
        }
        if (!expect.isEmpty()) {
            keys.put("expect", expect);
        }
        if (m.flag("expiryNotification")) {
            imported.rule(ordered("name", "expiry", "when", ordered("certificate_expires_within", List.of("30d", "14d", "7d", "1d")), "severity", "warning"));
        }
        imported.probe(name, "http", keys, failures(m));
    }

    /** {@code 200-299} is a class of ours, {@code 201} a number. */
    private static Object status(String text) {
        return text.matches("([1-5])00-\\199") ? text.charAt(0) + "xx" : text.matches("\\d{3}") ? (Object) Integer.valueOf(text) : text;
    }
}
