package dev.gatewatch.daemon;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service stands (sd_notify(3)), where systemd asks for it by {@code NOTIFY_SOCKET}; elsewhere does nothing.
 * The JDK has no datagram sockets in the Unix domain, so the three libc calls are made directly. Safe for many threads.
 */
final class SystemdNotifier {
    private static final Logger log = LoggerFactory.getLogger(SystemdNotifier.class);
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int PATH_MOST = 107;

    private final @Nullable String socket;

    /**
     * @param socket the value of {@code NOTIFY_SOCKET}: a path, or an abstract name after {@code @}; null where there is none
     */
    SystemdNotifier(@Nullable String socket) {
        this.socket = socket == null || socket.isEmpty() ? null : socket;
    }

    void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    void status(String status) {
        send("STATUS=" + status);
    }

    void stopping() {
        send("STOPPING=1\nSTATUS=stopping");
    }

    private void send(String message) {
        if (socket == null) {
            return;
        }
        try {
            sendTo(socket, message);
        } catch (Throwable e) { // a service must not die of its own status line
            log.warn("cannot tell systemd at {}: {}", socket, e.toString());
        }
    }

    @SuppressWarnings("restricted") // the launcher grants native access
    private static void sendTo(String path, String message) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle open = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("socket"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        MethodHandle sendto = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sendto"),
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        MethodHandle close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length > PATH_MOST) {
            throw new IllegalArgumentException("the socket's path is too long");
        }
        if (name[0] == '@') {
            name[0] = 0; // an abstract name begins with a zero byte
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(2 + PATH_MOST + 1, 8); // struct sockaddr_un, zeroed
            address.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            MemorySegment payload = arena.allocateFrom(JAVA_BYTE, bytes);
            int fd = (int) open.invokeExact((int) AF_UNIX, SOCK_DGRAM, 0);
            if (fd < 0) {
                throw new IllegalStateException("no socket to be had");
            }
            try {
                int length = 2 + name.length + (name[0] == 0 ? 0 : 1);
                long sent = (long) sendto.invokeExact(fd, payload, (long) bytes.length, 0, address, length);
                if (sent != bytes.length) {
                    throw new IllegalStateException("the message was not taken");
                }
            } finally {
                int _ = (int) close.invokeExact(fd);
            }
        }
    }
}
