package dev.gatewatch.importing;

import dev.gatewatch.config.ConfigFiles;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Shared;
import dev.gatewatch.config.Sources;
import dev.gatewatch.probes.blackbox.BlackboxModules;
import dev.gatewatch.probes.blackbox.Module;
import dev.gatewatch.probes.blackbox.Module.BadTarget;
import dev.gatewatch.probes.blackbox.Module.Translation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Probes from the modules of blackbox_exporter and the targets that a Prometheus gives them. */
final class BlackboxImport {
    private static final String PLACE_HOLDER = "replace-me.example.com";

    private final BlackboxModules modules;
    private final Imported imported = new Imported();

    private BlackboxImport(BlackboxModules modules) {
        this.modules = modules;
    }

    /**
     * Reads both files.
     *
     * @param prometheus whose scrape configurations name the targets; without it each module becomes a probe that is switched off
     * @return nothing where a problem was told
     */
    static Optional<Imported> read(Path blackbox, Optional<Path> prometheus, Problems problems) {
        return BlackboxModules.read(blackbox, problems, Shared.NONE, new Sources()).flatMap(modules -> {
            var work = new BlackboxImport(modules);
            if (prometheus.isEmpty()) {
                work.modulesOnly();
                return Optional.of(work.imported);
            }
            return ConfigFiles.readForeign(prometheus.get(), problems).root().map(root -> {
                work.jobs(Foreign.of(Optional.of(root)));
                return work.imported;
            });
        });
    }

    private void modulesOnly() {
        imported.note(
                "",
                "a blackbox.yml has no targets: each module became a probe that is switched off; give it its target and remove"
                        + " \"enabled: false\", or name the Prometheus configuration with --prometheus");
        for (Module module : modules.all()) {
            int port = module.prober().equals("tcp") || module.prober().equals("grpc") ? 443 : 0;
            add(module.name(), module, PLACE_HOLDER + (port > 0 ? ":" + port : ""), Map.of("enabled", false));
        }
    }

    private void jobs(Foreign prometheus) {
        String interval = prometheus.map("global").text("scrape_interval").orElse("1m");
        for (Node each : prometheus.list("scrape_configs")) {
            var job = Foreign.of(Optional.of(each));
            String name = job.text("job_name").orElse("job");
            if (!job.text("metrics_path").orElse("/metrics").equals("/probe")) {
                continue;
            }
            String moduleName = job.map("params").texts("module").stream().findFirst().orElse("http_2xx");
            Optional<Module> module = modules.find(moduleName);
            if (module.isEmpty()) {
                imported.note("job " + name, "there is no module " + moduleName);
                continue;
            }
            for (String discovery : job.left()) {
                if (discovery.endsWith("_sd_configs")) {
                    imported.note("job " + name, discovery + " was not carried over; only static_configs are");
                }
            }
            var common = new LinkedHashMap<String, Object>();
            common.put("interval", job.text("scrape_interval").orElse(interval));
            job.text("scrape_timeout").ifPresent(timeout -> common.put("timeout", timeout));
            for (Node group : job.list("static_configs")) {
                var targets = Foreign.of(Optional.of(group));
                var keys = new LinkedHashMap<String, Object>(common);
                var labels = new LinkedHashMap<String, Object>();
                targets.map("labels").fields().forEach((label, value) -> labels.put(label, Foreign.plain(value)));
                if (!labels.isEmpty()) {
                    keys.put("labels", labels);
                }
                targets.texts("targets").forEach(target -> add(name + " " + bare(target), module.get(), target, keys));
            }
        }
        if (imported.probes() == 0) {
            imported.note("", "no scrape configuration with metrics_path: /probe and static_configs was found");
        }
    }

    private static String bare(String target) {
        return target.replaceFirst("^[a-z]+://", "");
    }

    private void add(String name, Module module, String target, Map<String, Object> common) {
        Optional<Translation> translation = module.translation();
        if (translation.isEmpty()) {
            imported.note(name, "there is no prober " + module.prober());
            return;
        }
        try {
            SequencedMap<String, Object> aimed = translation.get().at(target, Optional.empty());
            var keys = new LinkedHashMap<String, Object>(common);
            if (!keys.containsKey("timeout")) {
                module.timeout().ifPresent(timeout ->
                        keys.put("timeout", dev.gatewatch.config.Durations.format(timeout)));
            }
            aimed.forEach((key, value) -> keys.put(key, open(module.name(), key, value)));
            imported.probe(name, translation.get().type(), keys);
        } catch (BadTarget e) {
            imported.note(name, String.valueOf(e.getMessage()));
        }
    }

    /** Without secrets, which are not copied, and with <code>${</code> as our files write it. */
    private Object open(String module, String key, Object value) {
        return switch (value) {
            case Secret secret -> worthHiding(key) ? imported.secret(module, key) : escaped(secret.reveal());
            case String text -> escaped(text);
            case Map<?, ?> map -> {
                var opened = new LinkedHashMap<String, Object>();
                map.forEach((k, v) -> opened.put(k.toString(), open(module, k.toString(), v)));
                yield opened;
            }
            case List<?> list -> list.stream().map(item -> open(module, key, item)).toList();
            default -> value;
        };
    }

    private static boolean worthHiding(String key) {
        return key.matches("(?i).*(password|authorization|bearer|token|secret|cookie|key).*");
    }

    static String escaped(String text) {
        return text.replace("${", "$${");
    }
}
