package dev.gatewatch.alerting.channel.exec;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.config.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program to run, and what its ends mean. Immutable; each run has its own process, whose output is read on a platform thread of its
 * own, since such reads cannot be interrupted.
 *
 * @param command program and arguments
 * @param environment what it is given beside the message
 */
record Program(List<Secret> command, Map<String, Secret> environment, Duration timeout) {
    /** sysexits.h: "temporary failure; the user is invited to retry". */
    private static final int EX_TEMPFAIL = 75;

    private static final int FIRST_SIGNAL = 128;
    private static final int MOST_OUTPUT = 8 * 1024;
    private static final int SHORTEST_SECRET = 6;
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration GRACE = Duration.ofMillis(300);
    private static final Duration LINGER = Duration.ofMillis(200);
    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** Runs it to its end; at the time-out or an interrupt it is ended with all that it started. */
    Delivery run(Map<String, String> variables, byte[] input) throws InterruptedException {
        Path file;
        try {
            // a pipe would have to be fed by another thread, as nobody promises to read it
            file = Files.createTempFile("gatewatch-notice-", ".json");
        } catch (IOException e) {
            return new Delivery.Retry("no temporary file can be made: " + Cut.oneLine(String.valueOf(e.getMessage())), Optional.empty());
        }
        try {
            Files.write(file, input);
            return run(start(variables, file));
        } catch (IOException e) {
            // which may be for want of memory or processes, but far more often the program is not there or may not be run
            return new Delivery.Broken(name() + " cannot be started: " + masked(Cut.chars(Cut.oneLine(String.valueOf(e.getMessage())), 200)));
        } finally {
            delete(file);
        }
    }

    private Process start(Map<String, String> variables, Path input) throws IOException {
        var process = new ProcessBuilder(command.stream().map(Secret::reveal).toList())
                .redirectInput(input.toFile())
                .redirectErrorStream(true);
        Map<String, String> own = process.environment();
        String path = Optional.ofNullable(own.get("PATH")).orElse(USUAL_PATH);
        own.clear();
        own.put("PATH", path);
        own.put("LANG", "C.UTF-8");
        own.putAll(variables);
        environment.forEach((name, value) -> own.put(name, value.reveal()));
        return process.start();
    }

    private Delivery run(Process process) throws InterruptedException {
        var output = new Output(process.getInputStream());
        var family = new HashSet<ProcessHandle>();
        long until = System.nanoTime() + timeout.toNanos();
        try {
            do {
                if (process.waitFor(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
                    boolean _ = output.ended(LINGER);
                    return verdict(process.exitValue(), output.head());
                }
                process.descendants().forEach(family::add);
            } while (System.nanoTime() < until);
            end(process, family);
            boolean _ = output.ended(LINGER);
            String said = output.head();
            return new Delivery.Retry(
                    name() + " did not end within " + timeout.toMillis() + " ms and was ended" + after(said), Optional.empty(), true);
        } catch (InterruptedException e) {
            kill(process, family);
            throw e;
        }
    }

    /** SIGTERM, and SIGKILL for those that it does not move. */
    private static void end(Process process, Set<ProcessHandle> family) throws InterruptedException {
        process.descendants().forEach(family::add);
        process.destroy();
        family.forEach(ProcessHandle::destroy);
        boolean _ = process.waitFor(GRACE.toNanos(), TimeUnit.NANOSECONDS);
        kill(process, family);
    }

    private static void kill(Process process, Set<ProcessHandle> family) {
        process.descendants().forEach(family::add);
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private Delivery verdict(int exitCode, String said) {
        if (exitCode == 0) {
            return new Delivery.Delivered();
        }
        String ended = exitCode > FIRST_SIGNAL
                ? name() + " was ended by signal " + (exitCode - FIRST_SIGNAL) + after(said)
                : name() + " ended with exit code " + exitCode + after(said);
        if (exitCode == EX_TEMPFAIL) {
            return new Delivery.Retry(ended, Optional.empty());
        }
        // ended from outside, for want of memory or by a shutdown: nothing was said about the message
        return exitCode > FIRST_SIGNAL ? new Delivery.Retry(ended, Optional.empty(), true) : new Delivery.Refused(ended);
    }

    private String after(String said) {
        String line = Cut.oneLine(masked(said));
        return line.isEmpty() ? "" : ": " + Cut.chars(line, 200);
    }

    private String masked(String text) {
        String masked = text;
        for (Secret secret : environment.values()) {
            masked = secret.maskedIn(masked);
        }
        for (Secret word : command.subList(1, command.size())) {
            masked = word.reveal().length() >= SHORTEST_SECRET ? word.maskedIn(masked) : masked;
        }
        return masked;
    }

    /** The program's file name. */
    private String name() {
        String program = command.getFirst().reveal();
        return Cut.oneLine(program.substring(program.lastIndexOf('/') + 1));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            file.toFile().deleteOnExit();
        }
    }

    /** Takes all that a process says and keeps the head of it: a process whose output nobody takes would wait for ever. */
    private static final class Output {
        private final Thread reader;
        private final ByteArrayOutputStream head = new ByteArrayOutputStream(); // under itself

        private Output(InputStream in) {
            reader = Thread.ofPlatform().daemon().name("exec-channel-output").start(() -> read(in));
        }

        private void read(InputStream in) {
            var buffer = new byte[4_096];
            try (in) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    synchronized (head) {
                        head.write(buffer, 0, Math.min(n, MOST_OUTPUT - head.size()));
                    }
                }
            } catch (IOException _) {
                // closed when the process was ended
            }
        }

        private boolean ended(Duration atMost) throws InterruptedException {
            return reader.join(atMost);
        }

        private String head() {
            synchronized (head) {
                return head.toString(StandardCharsets.UTF_8);
            }
        }
    }
}
