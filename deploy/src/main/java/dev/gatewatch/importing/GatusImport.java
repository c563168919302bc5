package dev.gatewatch.importing;

import static dev.gatewatch.importing.Imported.ordered;

import dev.gatewatch.config.ConfigFiles;
import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Probes from a Gatus configuration: its endpoints, their conditions and thresholds. */
final class GatusImport {
    private static final Pattern CONDITION = Pattern.compile("(.+?)\\s*(==|!=|<=|>=|<|>)\\s*(.+)");
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{?([A-Za-z_][A-Za-z0-9_]*)}?");

    private final Imported imported = new Imported();

    private GatusImport() {}

    /** Reads the file; nothing where a problem was told. */
    static Optional<Imported> read(Path file, Problems problems) {
        return ConfigFiles.readForeign(file, problems).root().map(root -> {
            var work = new GatusImport();
            work.all(Foreign.of(Optional.of(root)));
            return work.imported;
        });
    }

    private void all(Foreign gatus) {
        channels(gatus.map("alerting"));
        for (Node each : gatus.list("endpoints")) {
            endpoint(Foreign.of(Optional.of(each)));
        }
        // where Gatus keeps its own house; nothing of it is lost
        for (String own : List.of("storage", "web", "ui", "metrics", "debug", "concurrency", "disable-monitoring-lock")) {
            gatus.node(own);
        }
        gatus.left().forEach(key -> imported.note("", "\"" + key + "\" was not carried over"));
        if (imported.probes() == 0) {
            imported.note("", "no endpoint was found; is it the configuration of Gatus?");
        }
    }

    private void channels(Foreign alerting) {
        Optional<String> slack = alerting.map("slack").text("webhook-url");
        slack.ifPresent(url -> imported.channel(ordered(
                "name", "slack", "type", "slack", "webhook_url", hidden("slack", "webhook-url", url))));
        Optional<String> custom = alerting.map("custom").text("url");
        custom.ifPresent(url -> {
            imported.channel(ordered("name", "webhook", "type", "webhook", "url", hidden("custom", "url", url)));
            imported.note("alerting.custom", "the body of the webhook is Alertmanager's version 4, not the one of Gatus");
        });
        alerting.left().forEach(kind -> imported.note("alerting." + kind, "was not carried over"));
    }

    /** A value that is secret: an environment variable stays one, anything else becomes one. */
    private String hidden(String about, String what, String value) {
        return VARIABLE.matcher(value).matches() ? references(value) : imported.secret(about, what);
    }

    private void endpoint(Foreign endpoint) {
        String name = endpoint.text("group").map(g -> g + " ").orElse("") + endpoint.text("name").orElse("endpoint");
        String url = references(imported.address(name, endpoint.text("url").orElse("")));
        var keys = new LinkedHashMap<String, Object>();
        keys.put("interval", endpoint.text("interval").orElse("1m"));
        if (endpoint.text("enabled").filter("false"::equals).isPresent()) {
            keys.put("enabled", false);
        }
        endpoint.text("group").ifPresent(group -> keys.put("labels", ordered("group", group)));
        Foreign client = endpoint.map("client");
        keys.put("timeout", client.text("timeout").orElse("10s"));
        fitTimeout(keys);

        Foreign dns = endpoint.map("dns");
        String scheme = url.contains("://") ? url.substring(0, url.indexOf("://")) : "";
        String rest = url.substring(scheme.isEmpty() ? 0 : scheme.length() + 3);
        if (!dns.isEmpty()) {
            keys.put("query", dns.text("query-name").orElse(""));
            keys.put("record", dns.text("query-type").orElse("A"));
            keys.put("resolvers", List.of(rest));
            probe(name, "dns", keys, endpoint);
            return;
        }
        switch (scheme) {
            case "http", "https" -> http(name, url, keys, endpoint, client);
            case "tcp" -> {
                keys.put("target", rest);
                probe(name, "tcp", keys, endpoint);
            }
            case "tls" -> {
                keys.put("target", rest);
                keys.put("tls", client.flag("insecure") ? ordered("insecure", true) : true);
                probe(name, "tcp", keys, endpoint);
            }
            case "starttls" -> {
                keys.put("target", rest);
                keys.put("starttls", "smtp");
                probe(name, "tcp", keys, endpoint);
            }
            case "icmp" -> {
                keys.put("target", rest);
                probe(name, "icmp", keys, endpoint);
            }
            case "ws", "wss" -> {
                keys.put("url", url);
                endpoint.text("body").ifPresent(body -> keys.put("steps", List.of(ordered("send", references(body)))));
                probe(name, "websocket", keys, endpoint);
            }
            default -> imported.note(name, "endpoints like \"" + scheme + "://…\" cannot be carried over");
        }
        client.left().forEach(key -> imported.note(name, "client." + key + " was not carried over"));
    }

    private void http(String name, String url, SequencedMap<String, Object> keys, Foreign endpoint, Foreign client) {
        keys.put("url", url);
        endpoint.text("method").filter(m -> !m.equals("GET")).ifPresent(method -> keys.put("method", method));
        var headers = new LinkedHashMap<String, Object>();
        endpoint.map("headers").fields().forEach((header, value) -> {
            String text = String.valueOf(Foreign.plain(value));
            boolean secret = header.matches("(?i).*(authorization|token|key|cookie|secret).*");
            headers.put(header, secret && !text.contains("$") ? imported.secret(name, header) : references(text));
        });
        if (!headers.isEmpty()) {
            keys.put("headers", headers);
        }
        endpoint.text("body").ifPresent(body -> keys.put("body", references(body)));
        if (client.flag("insecure")) {
            keys.put("tls", ordered("insecure", true));
        }
        if (client.flag("ignore-redirect")) {
            keys.put("follow_redirects", false);
        }
        if (endpoint.flag("graphql")) {
            imported.note(name, "graphql: write the query as JSON into body yourself");
        }
        probe(name, "http", keys, endpoint);
    }

    private void probe(String name, String type, SequencedMap<String, Object> keys, Foreign endpoint) {
        var expect = new LinkedHashMap<String, Object>();
        for (String condition : endpoint.texts("conditions")) {
            if (!condition(type, condition.strip(), expect)) {
                imported.note(name, "the condition \"" + condition + "\" could not be carried over");
            }
        }
        if (!expect.isEmpty()) {
            keys.put("expect", expect);
        }
        int threshold = 3;
        for (Node alert : endpoint.list("alerts")) {
            threshold = Foreign.of(Optional.of(alert)).count("failure-threshold").filter(n -> n > 0).orElse(threshold);
        }
        imported.probe(name, type, keys, threshold);
        endpoint.left().forEach(key -> imported.note(name, "\"" + key + "\" was not carried over"));
    }

    /** Whether the condition could be said in our words. */
    private boolean condition(String type, String text, SequencedMap<String, Object> expect) {
        Matcher parts = CONDITION.matcher(text);
        if (!parts.matches()) {
            return false;
        }
        String what = parts.group(1);
        String operator = parts.group(2);
        String value = parts.group(3);
        boolean equal = operator.equals("==");
        return switch (what) {
            // what every probe of ours asks anyway
            case "[CONNECTED]" -> equal && value.equals("true");
            case "[STATUS]" -> type.equals("http") && status(operator, value, expect);
            case "[RESPONSE_TIME]" -> operator.startsWith("<") && value.matches("\\d+") && put(expect, "latency", value + "ms");
            case "[CERTIFICATE_EXPIRATION]" -> {
                imported.rule(ordered("name", "expiry", "when", ordered("certificate_expires_within", List.of("30d", "14d", "7d", "1d")), "severity", "warning"));
                yield operator.startsWith(">");
            }
            case "[DNS_RCODE]" -> equal && value.equals("NOERROR");
            case "[BODY]" -> body(type, operator, value, expect);
            default -> what.startsWith("[BODY].") && equal && type.equals("http")
                    && !value.contains("(") && json(what.substring("[BODY]".length()), value, expect);
        };
    }

    private static boolean status(String operator, String value, SequencedMap<String, Object> expect) {
        Matcher any = Pattern.compile("any\\(( *\\d{3} *(?:, *\\d{3} *)*)\\)").matcher(value);
        if (operator.equals("==") && any.matches()) {
            return put(expect, "status", List.of(any.group(1).split(",")).stream().map(s -> (Object) Integer.valueOf(s.strip())).toList());
        }
        if (!value.matches("\\d{3}")) {
            return false;
        }
        int number = Integer.parseInt(value);
        return switch (operator) {
            case "==" -> put(expect, "status", List.of(number));
            case "<" -> number % 100 == 0 && put(expect, "status", classes(1, number / 100 - 1));
            default -> false;
        };
    }

    private static List<Object> classes(int from, int to) {
        var classes = new ArrayList<Object>();
        for (int i = Math.max(2, from); i <= to; i++) {
            classes.add(i + "xx");
        }
        return classes;
    }

    private static boolean body(String type, String operator, String value, SequencedMap<String, Object> expect) {
        if (!operator.equals("==")) {
            return false;
        }
        if (type.equals("dns")) {
            return put(expect, "answers", List.of(value));
        }
        if (!type.equals("http")) {
            return false;
        }
        Matcher pattern = Pattern.compile("pat\\((.*)\\)").matcher(value);
        String regex = pattern.matches() ? glob(pattern.group(1)) : "^" + glob(value) + "$";
        return put(expect, "body", ordered("matches", List.of(regex)));
    }

    private static String glob(String pattern) {
        var regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(c == '*' ? "(?s:.*)" : Character.isLetterOrDigit(c) || c == ' ' ? String.valueOf(c) : "\\" + c);
        }
        return regex.toString();
    }

    @SuppressWarnings("unchecked") // made here
    private static boolean json(String path, String value, SequencedMap<String, Object> expect) {
        var all = (Map<String, Object>) expect.computeIfAbsent("json", _ -> new LinkedHashMap<String, Object>());
        Object plain = value.matches("-?\\d{1,15}") ? (Object) Long.valueOf(value) : value.equals("true") || value.equals("false") ? Boolean.valueOf(value) : value;
        all.put("$" + path, plain);
        return true;
    }

    private static boolean put(SequencedMap<String, Object> into, String key, Object value) {
        into.put(key, value);
        return true;
    }

    /** A time-out of ours ends before the next run begins. */
    static void fitTimeout(SequencedMap<String, Object> keys) {
        Optional<Duration> interval = Durations.parse(String.valueOf(keys.get("interval")));
        Optional<Duration> timeout = Durations.parse(String.valueOf(keys.get("timeout")));
        if (interval.isPresent() && timeout.isPresent() && timeout.get().compareTo(interval.get()) > 0) {
            keys.put("timeout", Durations.format(interval.get()));
        }
    }

    /** Environment variables as our files write them. */
    private static String references(String text) {
        return VARIABLE.matcher(text).replaceAll("\\${env:$1}");
    }
}
