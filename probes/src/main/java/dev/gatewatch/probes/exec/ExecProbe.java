package dev.gatewatch.probes.exec;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import java.time.Duration;
import java.util.Optional;

/** Runs a command and takes its word. Immutable. */
final class ExecProbe implements Probe {
    private static final int FIRST_SIGNAL = 128;

    private final Command command;
    private final String target;
    private final ExitCodes exitCodes;
    private final Cause cause;
    private final Runner runner;
    private final Masking masking;

    ExecProbe(Command command, String target, ExitCodes exitCodes, Cause cause, Runner runner) {
        this.command = command;
        this.target = target;
        this.exitCodes = exitCodes;
        this.cause = cause;
        this.runner = runner;
        this.masking = new Masking(command.secrets());
    }

    @Override
    public String target() {
        return target.isEmpty() ? command.name() : target;
    }

    @Override
    public Report run(Run run) throws InterruptedException {
        var report = Report.builder();
        long start = System.nanoTime();
        try {
            Ended ended = runner.run(command, target, run.deadline());
            report.phase("run", Duration.ofNanos(System.nanoTime() - start));
            tell(ended, run, report);
        } catch (Runner.UnrunnableException e) {
            e.failure().tell(report);
        }
        return report.build();
    }

    private void tell(Ended ended, Run run, Report.Builder report) {
        PluginOutput said = PluginOutput.of(ended.output());
        String firstLine = masking.line(said.firstLine());
        evidence(ended, said, report);
        if (ended.exitCode().isEmpty()) {
            report.fail(
                    Cause.RESPONSE_TIMEOUT,
                    command.name() + " did not end within " + Durations.format(run.deadline().timeout())
                            + " and was ended with all that it started");
            return;
        }
        int code = ended.exitCode().getAsInt();
        report.fact("exit_code", code);
        if (!firstLine.isEmpty()) {
            report.fact("output", firstLine);
        }
        ExecFacts.tell(said.perfData(), masking, report);
        Optional<Outcome> meaning = exitCodes.meaning(code);
        if (meaning.isEmpty()) {
            report.broken(Cause.INTERNAL_ERROR, unexpected(code, firstLine, ended));
            return;
        }
        String message = message(code, firstLine, ended);
        switch (meaning.get()) {
            case PASS -> {}
            case DEGRADED -> report.degraded(cause, message);
            case FAIL -> report.fail(cause, message);
            case BROKEN -> report.broken(Cause.INTERNAL_ERROR, message);
        }
    }

    private String message(int code, String firstLine, Ended ended) {
        if (!firstLine.isEmpty()) {
            return firstLine;
        }
        String complaint = complaint(ended);
        return command.name() + " ended with exit code " + code + (complaint.isEmpty() ? " and printed nothing" : ": " + complaint);
    }

    private String unexpected(int code, String firstLine, Ended ended) {
        String how = code > FIRST_SIGNAL
                ? command.name() + " was ended by signal " + (code - FIRST_SIGNAL) + ", or said so with exit code " + code
                : command.name() + " ended with exit code " + code + ", which exit_codes does not have";
        String said = firstLine.isEmpty() ? complaint(ended) : firstLine;
        return said.isEmpty() ? how : how + ": " + said;
    }

    private String complaint(Ended ended) {
        return masking.line(ended.errors().lines().findFirst().orElse(""));
    }

    private void evidence(Ended ended, PluginOutput said, Report.Builder report) {
        String output = masking.block(said.firstLine() + "\n" + said.longText());
        if (!output.isEmpty()) {
            report.evidence("output", output);
        }
        String errors = masking.block(ended.errors());
        if (!errors.isEmpty()) {
            report.evidence("standard error", errors);
        }
        if (ended.cut()) {
            report.evidence("output cut", "only the first " + Drain.MOST / 1024 + " kB were kept");
        }
        if (ended.leftBehind()) {
            report.evidence("left behind", "processes that the command started held its output after its end, and were ended");
        }
        if (!said.perfData().unreadable().isEmpty()) {
            report.evidence(
                    "performance data that cannot be read",
                    masking.block(String.join("\n", said.perfData().unreadable())));
        }
    }
}
