package dev.gatewatch.dropin;

import dev.gatewatch.config.Nodes;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Sources;
import dev.gatewatch.engine.OneRun;
import dev.gatewatch.engine.ProbeDefaults;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.engine.ProbesSection;
import dev.gatewatch.metrics.RunMetrics;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.probes.blackbox.Module;
import dev.gatewatch.probes.blackbox.Module.BadTarget;
import dev.gatewatch.probes.blackbox.Module.Translation;
import dev.gatewatch.web.OnDemandProbe;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * {@code GET /probe?module=…&target=…}, as blackbox_exporter answers it: the same checks in the same order, the same time-out
 * arithmetic, the same metrics; under the target policy, always. Safe for many threads.
 */
public final class BlackboxEndpoint implements OnDemandProbe {
    /** blackbox_exporter's own default, which exists only if the file names it so. */
    private static final String DEFAULT_MODULE = "http_2xx";

    /** Whoever asks faster than probes end must not fill this machine. */
    private static final int MOST_AT_ONCE = 200;

    private final Supplier<DropInModules> modules;
    private final Runnable unknownModule;
    private final Clock clock;
    private final Map<String, ProbeType> types = new LinkedHashMap<>();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /**
     * An endpoint.
     *
     * @param modules of the configuration that holds now
     * @param unknownModule counts requests for modules that there are not
     */
    public BlackboxEndpoint(Supplier<DropInModules> modules, Runnable unknownModule, Clock clock) {
        this.modules = modules;
        this.unknownModule = unknownModule;
        this.clock = clock;
        ProbesSection.installedTypes().forEach(type -> types.put(type.name(), type));
    }

    @Override
    public Answer answer(Asked asked) throws InterruptedException {
        DropInModules now = modules.get();
        if (now.modules().all().isEmpty()) {
            return NONE.answer(asked);
        }
        String name = asked.parameter("module").orElse(DEFAULT_MODULE);
        Optional<Module> module = now.modules().find(name);
        if (module.isEmpty()) {
            unknownModule.run();
            return Answer.text(400, "Unknown module \"" + name + "\"");
        }
        Duration timeout;
        try {
            timeout = ScrapeTimeout.of(asked.scrapeTimeout(), module.get().timeout());
        } catch (NumberFormatException e) {
            return Answer.text(500, "Failed to parse timeout from Prometheus header: " + e.getMessage());
        }
        Optional<String> target = asked.parameter("target").map(BlackboxEndpoint::decoded);
        if (target.isEmpty()) {
            return Answer.text(400, "Target parameter is missing");
        }
        Optional<Translation> translation = module.get().translation();
        if (translation.isEmpty()) {
            return Answer.text(400, "Unknown prober \"" + module.get().prober() + "\"");
        }
        if (!places.tryAcquire()) {
            return Answer.text(503, "too many probes are being run for others: " + MOST_AT_ONCE);
        }
        try {
            return run(asked, module.get(), translation.get(), target.get(), timeout, now);
        } catch (BadTarget e) {
            return Answer.text(400, String.valueOf(e.getMessage()));
        } finally {
            places.release();
        }
    }

    private Answer run(
            Asked asked, Module module, Translation translation, String target, Duration timeout, DropInModules now)
            throws BadTarget, InterruptedException {
        ProbeType type = types.get(translation.type());
        if (type == null) {
            throw new IllegalStateException("no probe type " + translation.type());
        }
        Result result;
        try {
            SequencedMap<String, Object> keys = translation.at(target, asked.parameter("hostname"));
            result = run(type, module, keys, target, timeout, now);
        } catch (BadTarget e) {
            if (e.isRefused()) {
                throw e;
            }
            result = impossible(type, target, String.valueOf(e.getMessage()));
        }
        return asked.parameter("debug").filter("true"::equals).isPresent()
                ? new Answer(200, DebugText.of(type, module, result, timeout))
                : new Answer(200, RunMetrics.of(type, result, timeout, asked.accept()));
    }

    private Result run(
            ProbeType type,
            Module module,
            SequencedMap<String, Object> keys,
            String target,
            Duration timeout,
            DropInModules now)
            throws InterruptedException {
        var problems = new Problems();
        Optional<ProbeSpec> spec = make(type, module, keys, timeout, new Reading(problems, now.baseDirectory(), new Sources(), now.shared()));
        if (spec.isEmpty()) {
            String why = problems.list().stream().map(Problem::message).findFirst().orElse("no probe could be made");
            return impossible(type, target, why);
        }
        try {
            return OneRun.of(spec.get(), timeout, clock);
        } finally {
            spec.get().probe().close();
        }
    }

    private static Optional<ProbeSpec> make(
            ProbeType type, Module module, SequencedMap<String, Object> keys, Duration timeout, Reading reading) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", "probe");
        fields.put("type", type.name());
        fields.putAll(keys);
        var defaults = new ProbeDefaults(Duration.ofDays(1), timeout, new LinkedHashMap<>(), Optional.empty());
        var section = new ProbesSection(List.of(type), "here", defaults, _ -> {});
        return section.read(Nodes.of(Place.file("module " + module.name()), "", List.of(fields)), reading)
                .flatMap(specs -> specs.enabled().stream().findFirst());
    }

    /** A target that no probe can be made of fails, as any that cannot be reached: a scraper must see it as down, not as missing. */
    private Result impossible(ProbeType type, String target, String why) {
        Report report = Report.builder()
                .broken(Cause.INTERNAL_ERROR, "\"" + target + "\" cannot be probed: " + why)
                .build();
        // no time at all would look as if it had not been measured
        var took = Duration.ofNanos(1_000);
        return new Result(new Series("probe", "", "here"), type.name(), target, clock.instant(), took, report);
    }

    /** Once more than the query has been: double-encoded targets are in use. */
    private static String decoded(String target) {
        try {
            return URLDecoder.decode(target, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return target;
        }
    }
}
