package dev.gatewatch.probes.exec;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import java.util.List;
import java.util.OptionalDouble;

/** The facts of a run and their metrics. Pure functions. */
final class ExecFacts {
    static final List<FactSpec> SPECS = List.of(
            FactSpec.gauge("exit_code", "probe_exec_exit_code", "The command's exit code; 128 and the signal's number where one ended it."),
            FactSpec.plain("output", "The first line that the command printed."),
            FactSpec.family(
                    "perf",
                    "probe_exec_perf",
                    "label",
                    "Values of the plugin's performance data, in seconds, bytes (KB is 1024), ratios for per cent, or as they are."),
            FactSpec.family(
                    "perf_warning_above", "probe_exec_perf_warning_above", "label", "The plugin warns when the value is above."),
            FactSpec.family(
                    "perf_warning_below", "probe_exec_perf_warning_below", "label", "The plugin warns when the value is below."),
            FactSpec.family(
                    "perf_critical_above", "probe_exec_perf_critical_above", "label", "The plugin fails when the value is above."),
            FactSpec.family(
                    "perf_critical_below", "probe_exec_perf_critical_below", "label", "The plugin fails when the value is below."),
            FactSpec.family("perf_min", "probe_exec_perf_min", "label", "The smallest that the value can be."),
            FactSpec.family("perf_max", "probe_exec_perf_max", "label", "The largest that the value can be."));

    private ExecFacts() {}

    static void tell(PerfData data, Masking masking, Report.Builder report) {
        for (PerfValue value : data.values()) {
            String label = masking.masked(value.label());
            report.fact("perf." + label, value.value());
            tell("perf_warning_above", label, value.warning().above(), report);
            tell("perf_warning_below", label, value.warning().below(), report);
            tell("perf_critical_above", label, value.critical().above(), report);
            tell("perf_critical_below", label, value.critical().below(), report);
            tell("perf_min", label, value.least(), report);
            tell("perf_max", label, value.most(), report);
        }
    }

    private static void tell(String family, String label, OptionalDouble value, Report.Builder report) {
        if (value.isPresent()) {
            report.fact(family + "." + label, value.getAsDouble());
        }
    }
}
