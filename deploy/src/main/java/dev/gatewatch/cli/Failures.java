package dev.gatewatch.cli;

import dev.gatewatch.store.StoreException;
import dev.gatewatch.web.WebServerException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** How a command's exception is told: a user's mistake in a line, our own fault with its stack trace. */
final class Failures {
    private Failures() {}

    static int report(Exception e, CommandLine commandLine, ParseResult parsed) {
        var err = commandLine.getErr();
        if (e instanceof UserError || e instanceof StoreException || e instanceof WebServerException) {
            err.println("gatewatch: " + e.getMessage());
        } else {
            err.println("gatewatch: this is a fault of Gatewatch itself, please report it:");
            e.printStackTrace(err);
        }
        err.flush();
        return ExitCode.FAULT;
    }
}
