package dev.gatewatch.daemon;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of the operating system. The JDK has no public API for them; {@code sun.misc.Signal} of the module jdk.unsupported is the
 * documented way out, reached by reflection since the compiler warns of its every mention.
 */
final class Signals {
    private Signals() {}

    /** Calls {@code handler} with the signal's name from now on, instead of what the JVM would do. A signal that the platform lacks is never sent. */
    static void handle(String name, Consumer<String> handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {signalHandler}, (_, method, _) -> switch (
                            method.getName()) {
                        case "handle" -> {
                            handler.accept(name);
                            yield null;
                        }
                        case "hashCode" -> name.hashCode();
                        case "equals" -> false; // the JVM only ever calls handle
                        default -> "handler of SIG" + name;
                    });
            signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot handle SIG" + name, e);
        }
    }
}
