package dev.gatewatch.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Commands as a person types them, run within the test. */
public final class Cli {
    private Cli() {}

    /** What a command left with, and what it printed. */
    public record Ran(int exit, String out, String err) {}

    public static Ran run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = command.execute(args);
        return new Ran(exit, out.toString(), err.toString());
    }
}
