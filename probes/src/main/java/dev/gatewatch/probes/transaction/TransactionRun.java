package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One run of a transaction, from its variables to its report: the steps one after the other, each with a report of its own that is then
 * taken into the whole. Confined to the run's thread.
 */
final class TransactionRun {
    private final TransactionConfig config;
    private final Run run;
    private final HttpSession session;
    private final Mailbox mailbox;
    private final Report.Builder report;
    private final Variables variables;
    private final Redaction redaction;

    /** For the steps before clean-up. */
    private final Deadline main;

    private final List<String> table = new ArrayList<>();
    private int passed;
    private int skipped;
    private int cleanupFailed;
    private boolean failed;

    TransactionRun(TransactionConfig config, Run run, HttpSession session, Mailbox mailbox, Report.Builder report) {
        this.config = config;
        this.run = run;
        this.session = session;
        this.mailbox = mailbox;
        this.report = report;
        this.redaction = session.redaction();
        this.variables = new Variables(redaction);
        this.main = config.reserve() == 0
                ? run.deadline()
                : Deadline.after(share(run.deadline().left(), 1 - config.reserve()));
    }

    private static Duration share(Duration whole, double part) {
        return Duration.ofNanos((long) (whole.toNanos() * part));
    }

    void go() throws InterruptedException, InterruptedIOException {
        mailbox.secrets().forEach(redaction::also);
        mailbox.fill(variables);
        config.constants().forEach((name, c) -> variables.put(name, c.value().reveal(), c.secret()));
        config.generate()
                .forEach((name, g) -> variables.put(name, g.make(name, run.clock().instant(), run.memory()), false));
        for (Step step : config.steps()) {
            if (step.always()) {
                cleanUp(step);
            } else if (failed) {
                skip(step, "skipped");
            } else {
                perform(step);
            }
        }
        mailbox.tell(report);
        report.fact(TransactionFacts.STEPS, config.steps().size());
        report.fact(TransactionFacts.PASSED, passed);
        report.fact(TransactionFacts.SKIPPED, skipped);
        report.fact(TransactionFacts.CLEANUP_FAILED, cleanupFailed);
        if (report.outcome() != Outcome.PASS) {
            report.evidence("steps", redaction.block(String.join("\n", table)));
        }
    }

    private void skip(Step step, String why) {
        skipped++;
        report.fact(TransactionFacts.STEP + "." + step.name(), "skipped");
        table.add(step.name() + ": " + why);
    }

    private void perform(Step step) throws InterruptedException, InterruptedIOException {
        StepRun done = done(step, main);
        Report part = done.report();
        part.facts().forEach(this::tell);
        switch (part.outcome()) {
            case PASS -> passed++;
            case DEGRADED -> {
                passed++;
                report.degraded(part.cause().orElseThrow(), said(step, part));
            }
            case FAIL, BROKEN -> {
                failed = true;
                report.fact(TransactionFacts.FAILED_STEP, step.name());
                new Failure(part.cause().orElseThrow(), said(step, part)).tell(report);
            }
        }
        tellEvidence(step, part);
    }

    /** What goes wrong here is worth knowing, and not the failure that somebody should be woken for. */
    private void cleanUp(Step step) throws InterruptedException, InterruptedIOException {
        List<String> missing = StepRun.needs(step).filter(n -> !variables.has(n)).distinct().toList();
        if (!missing.isEmpty()) {
            skip(step, "nothing to clean up: $(" + String.join("), $(", missing) + ") was never captured");
            return;
        }
        if (run.deadline().passed()) {
            skip(step, "no time was left for it");
            return;
        }
        Report part = done(step, run.deadline()).report();
        if (part.outcome() == Outcome.PASS) {
            passed++;
            return;
        }
        cleanupFailed++;
        report.degraded(part.cause().orElseThrow(), said(step, part));
        tellEvidence(step, part);
    }

    private StepRun done(Step step, Deadline bound) throws InterruptedException, InterruptedIOException {
        long start = System.nanoTime();
        var part = new StepRun(step, config.base(), run, bound, session, mailbox, variables);
        if (bound.passed()) {
            part.fail(
                    Cause.RESPONSE_TIMEOUT,
                    "no time was left for it: what came before took " + Durations.format(run.deadline().elapsed()) + " of "
                            + Durations.format(bound.timeout()));
        } else {
            part.perform();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        report.phase(step.name(), took);
        Outcome outcome = part.report().outcome();
        String word = outcome.name().toLowerCase(Locale.ROOT);
        report.fact(TransactionFacts.STEP + "." + step.name(), word);
        report.fact(TransactionFacts.STEP_SUCCESS + "." + step.name(), outcome == Outcome.PASS || outcome == Outcome.DEGRADED);
        part.tellFamilies(report);
        table.add(step.name() + ": " + word + " in " + Durations.format(took) + part.summary());
        return part;
    }

    private String said(Step step, Report part) {
        int place = config.steps().indexOf(step) + 1;
        return redaction.line(
                "step \"" + step.name() + "\" (" + place + " of " + config.steps().size() + "): " + part.message());
    }

    private void tellEvidence(Step step, Report part) {
        for (Evidence evidence : part.evidence()) {
            report.evidence(step.name() + ": " + evidence.title(), evidence.text());
        }
    }

    private void tell(String name, Fact fact) {
        switch (fact) {
            case Fact.Quantity(double number) -> report.fact(name, number);
            case Fact.Flag(boolean flag) -> report.fact(name, flag);
            case Fact.Text(String text) -> report.fact(name, text);
        }
    }
}
