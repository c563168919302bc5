package dev.gatewatch.probes.nativenet;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gatewatch.kit.Components;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A network of its own inside this process: a thread that has left the machine's network for a namespace (network_namespaces(7)) where
 * there is nothing but what the test puts there. Sockets and platform threads made on the thread, and processes started on it, belong
 * to the namespace; nothing can leave it. Ends with the thread. For root on Linux; tests are skipped elsewhere.
 *
 * <p>Whatever starts a thread there takes the new thread along, be it one that carries virtual threads or waits for processes and is
 * then used by all. So tests with such networks carry the {@linkplain #TAG tag} by which the build gives them a JVM of their own.
 */
public final class Namespace implements AutoCloseable {
    public static final String TAG = "own-network";

    private static final int CLONE_NEWNET = 0x4000_0000;

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("namespace").factory());
    private final Path ip;
    private final int threadId;

    private Namespace(Path ip) throws Exception {
        this.ip = ip;
        this.threadId = inside(() -> {
            Assumptions.assumeTrue(call("unshare", CLONE_NEWNET) == 0, "only root can make network namespaces");
            return call("gettid");
        });
        ip("link set lo up");
    }

    /** A new one with nothing but loopback. */
    public static Namespace open() throws Exception {
        Assumptions.assumeTrue(NativeNet.missing().isEmpty(), NativeNet.missing().orElse(""));
        return new Namespace(Components.require("ip"));
    }

    @SuppressWarnings("restricted") // what the JDK cannot do
    private static int call(String function, int... arguments) throws Exception {
        var layouts = new MemoryLayout[arguments.length];
        java.util.Arrays.fill(layouts, JAVA_INT);
        Linker linker = Linker.nativeLinker();
        MethodHandle handle =
                linker.downcallHandle(linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(JAVA_INT, layouts));
        try {
            return arguments.length == 0 ? (int) handle.invokeExact() : (int) handle.invokeExact(arguments[0]);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Makes this thread, and no other of the process, one of the user nobody, without privileges. There is no way back. */
    @SuppressWarnings("restricted") // what the JDK cannot do
    public static void becomeNobody() {
        Linker linker = Linker.nativeLinker();
        MethodHandle syscall = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        try {
            // the C library's own functions would change all threads
            long group = (long) syscall.invokeExact(arm ? 149L : 119L, 65_534L, 65_534L, 65_534L);
            long user = (long) syscall.invokeExact(arm ? 147L : 117L, 65_534L, 65_534L, 65_534L);
            if (group != 0 || user != 0) {
                throw new AssertionError("cannot become nobody");
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Does something on the namespace's thread. */
    public <T> T inside(Callable<T> what) throws Exception {
        try {
            return thread.submit(what).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Runs {@code ip} with these words in it. */
    public void ip(String words) throws Exception {
        var command = new ArrayList<>(List.of(ip.toString()));
        command.addAll(List.of(words.split(" ")));
        run(command.toArray(String[]::new));
    }

    /** Runs a program in it to its end. */
    public void run(String... command) throws Exception {
        inside(() -> {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Assumptions.assumeTrue(process.waitFor() == 0, () -> String.join(" ", command) + ": " + said);
            return said;
        });
    }

    /** Sets a kernel parameter of it, such as {@code net.ipv4.ip_forward}. */
    public void set(String parameter, String value) throws Exception {
        run("sh", "-c", "echo '" + value + "' > /proc/sys/" + parameter.replace('.', '/'));
    }

    /**
     * Lays a cable to another namespace.
     *
     * @param here this end's address with its prefix, as {@code 10.9.1.1/24}
     * @param there the other end's
     */
    public void connect(Namespace other, String name, String here, String there) throws Exception {
        ip("link add " + name + "a type veth peer name " + name + "b netns " + other.threadId);
        String noDad = here.contains(":") ? " nodad" : "";
        ip("addr add " + here + " dev " + name + "a" + noDad);
        ip("link set " + name + "a up");
        other.ip("addr add " + there + " dev " + name + "b" + noDad);
        other.ip("link set " + name + "b up");
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
