package dev.gatewatch.probes.exec;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs commands, only so many at once. Safe for many threads. */
final class Runner {
    /** A monitor must not be the load of the machine that it runs on; each takes two threads beside its processes. */
    private static final int MOST_AT_ONCE = 16;

    /** Kept back of the time-out for SIGTERM to take effect, at most a fifth. */
    private static final Duration GRACE = Duration.ofMillis(300);

    /** After a command's end its output ends too, unless something that it started holds it. */
    private static final Duration LINGER = Duration.ofMillis(250);

    private static final Pattern ERROR = Pattern.compile("error[:=] ?(\\d{1,5})");

    static final Runner SHARED = new Runner(MOST_AT_ONCE);

    private final int most;
    private final Semaphore places;

    Runner(int most) {
        this.most = most;
        this.places = new Semaphore(most);
    }

    /** Why a command could not be run. */
    static final class UnrunnableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        UnrunnableException(Cause cause, String message) {
            super(message);
            this.failure = new Failure(cause, message);
        }

        Failure failure() {
            return failure;
        }
    }

    /** Runs it to its end, or ends it with all that it started by the deadline or at an interrupt. */
    Ended run(Command command, String target, Deadline deadline) throws UnrunnableException, InterruptedException {
        Path program = executable(command);
        if (!places.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new UnrunnableException(
                    Cause.INTERNAL_ERROR, "no place to run " + command.name() + ": " + most + " commands are still running");
        }
        String mark = UUID.randomUUID().toString();
        Process process;
        try {
            process = start(command, program, target, deadline, mark);
        } catch (UnrunnableException e) {
            places.release();
            throw e;
        }
        // the place is free when nobody holds the output any more, so that threads are bounded too
        var open = new AtomicInteger(2);
        Runnable atEnd = () -> {
            if (open.decrementAndGet() == 0) {
                places.release();
            }
        };
        Drain output = Drain.of(process.getInputStream(), "exec-output", atEnd);
        Drain errors = Drain.of(process.getErrorStream(), "exec-errors", atEnd);
        var tree = new ProcessTree(process.toHandle(), mark);
        try {
            return await(process, tree, output, errors, deadline);
        } catch (InterruptedException e) {
            tree.kill();
            throw e;
        }
    }

    private static Ended await(Process process, ProcessTree tree, Drain output, Drain errors, Deadline deadline)
            throws InterruptedException {
        Duration fifth = deadline.timeout().dividedBy(5);
        Duration grace = fifth.compareTo(GRACE) < 0 ? fifth : GRACE;
        if (!process.waitFor(deadline.left().minus(grace).toNanos(), TimeUnit.NANOSECONDS)) {
            tree.end(deadline.left());
            boolean _ = output.ended(LINGER) && errors.ended(LINGER);
            return new Ended(OptionalInt.empty(), output.text(), errors.text(), output.cut() || errors.cut(), false);
        }
        boolean _ = output.ended(LINGER) && errors.ended(LINGER);
        boolean leftBehind = tree.endHolders(LINGER);
        return new Ended(
                OptionalInt.of(process.exitValue()), output.text(), errors.text(), output.cut() || errors.cut(), leftBehind);
    }

    private static Path executable(Command command) throws UnrunnableException {
        Optional<Path> found = command.find();
        if (found.isEmpty() || !Files.exists(found.get())) {
            throw new UnrunnableException(
                    Cause.MISSING_COMPONENT, "there is no " + command.program() + " on this machine: install it, or correct the path");
        }
        if (!Files.isRegularFile(found.get()) || !Files.isExecutable(found.get())) {
            throw new UnrunnableException(
                    Cause.NO_PERMISSION,
                    command.program() + " is not executable for the user that Gatewatch runs as (chmod +x, or another user)");
        }
        return found.get();
    }

    private static Process start(Command command, Path program, String target, Deadline deadline, String mark)
            throws UnrunnableException {
        try {
            return command.process(program, target, deadline.timeout(), mark).start();
        } catch (IOException e) {
            throw unrunnable(command, e.getMessage());
        }
    }

    /** The JDK tells what the system said only as text: {@code error: 2 (No such file or directory)}. */
    private static UnrunnableException unrunnable(Command command, @Nullable String text) {
        Matcher m = ERROR.matcher(text == null ? "" : text);
        String start = command.program() + " cannot be started: ";
        return switch (m.find() ? m.group(1) : "") {
            case "2" ->
                new UnrunnableException(
                        Cause.MISSING_COMPONENT, start + "the program behind its #! line, or the folder to run it in, is not there");
            case "8" ->
                new UnrunnableException(Cause.MISSING_COMPONENT, start + "it is not a program for this machine");
            case "13" -> new UnrunnableException(Cause.NO_PERMISSION, start + "permission denied (or mounted noexec)");
            case "" -> new UnrunnableException(Cause.INTERNAL_ERROR, start + "the system does not say why");
            // the rest of the text may hold a secret
            default -> new UnrunnableException(Cause.INTERNAL_ERROR, start + "error " + m.group(1) + " of the system");
        };
    }
}
