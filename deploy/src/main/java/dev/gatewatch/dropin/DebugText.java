package dev.gatewatch.dropin;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.metrics.Exposition;
import dev.gatewatch.metrics.RunMetrics;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probes.blackbox.Module;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** What {@code debug=true} shows instead of the metrics: the run's story, the metrics, and the module. Pure functions. */
final class DebugText {
    private static final Pattern SECRET_KEY =
            Pattern.compile("(?i).*(password|secret|credential|token|authorization|cookie).*|body|key|.*api[-_]?key.*");

    private DebugText() {}

    static Exposition of(ProbeType type, Module module, Result result, Duration timeout) {
        var text = new StringBuilder("Logs for the probe:\n");
        line(text, result, "info", "Beginning probe probe=" + module.prober() + " timeout_seconds=" + timeout.toNanos() / 1e9);
        result.report().phases().forEach((phase, took) -> line(
                text, result, "info", "phase " + phase + " duration_seconds=" + took.toNanos() / 1e9));
        result.report().facts().forEach((name, fact) -> line(text, result, "info", name + "=" + fact.shown()));
        for (Evidence evidence : result.report().evidence()) {
            evidence.text().lines().forEach(each -> line(text, result, "info", evidence.title() + ": " + each));
        }
        String took = " duration_seconds=" + result.duration().toNanos() / 1e9;
        result.report()
                .cause()
                .ifPresentOrElse(
                        cause -> line(text, result, "error", "Probe " + result.outcome().name().toLowerCase(Locale.ROOT)
                                + " cause=" + cause.code() + took + " msg=\"" + result.report().message() + "\""),
                        () -> line(text, result, "info", "Probe succeeded" + took));
        text.append("\n\n\nMetrics that would have been returned:\n").append(metrics(type, result, timeout));
        text.append("\n\n\nModule configuration:\n");
        yaml(text, module.written(), "", "");
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return new Exposition("text/plain; charset=utf-8", out -> out.write(bytes));
    }

    private static void line(StringBuilder text, Result result, String level, String words) {
        text.append("ts=").append(result.startedAt()).append(" level=").append(level).append(" target=").append(result.target())
                .append(' ').append(words).append('\n');
    }

    private static String metrics(ProbeType type, Result result, Duration timeout) {
        var out = new ByteArrayOutputStream();
        try {
            RunMetrics.of(type, result, timeout, "").body().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** As it was written, without secrets. */
    private static void yaml(StringBuilder text, Node node, String indent, String key) {
        switch (node) {
            case Node.Scalar s -> text.append(' ')
                    .append(s.secret() || SECRET_KEY.matcher(key).matches() ? Secret.MASK : quoted(s)).append('\n');
            case Node.Items items -> {
                text.append('\n');
                for (Node item : items.items()) {
                    text.append(indent).append('-');
                    yaml(text, item, indent + "  ", key);
                }
            }
            case Node.Fields fields -> {
                if (!key.isEmpty() || !indent.isEmpty()) {
                    text.append('\n');
                }
                fields.fields().forEach((name, value) -> {
                    text.append(indent).append(name).append(':');
                    yaml(text, value, indent + "  ", name.endsWith("_file") ? "" : name);
                });
            }
        }
    }

    private static String quoted(Node.Scalar s) {
        return s.tag() == Node.Tag.TEXT ? "\"" + s.text().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"" : s.text();
    }
}
