package dev.gatewatch.probes.nativenet;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few calls of the C library that are needed here. Every call is short: descriptors are non-blocking, but for {@link #poll}. A
 * failed call is a {@link NativeException}. Safe for many threads; to be touched only where {@link NativeNet#missing} is empty.
 */
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CONNECT =
            function("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = function(
            "setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT = function(
            "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SEND =
            function("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECVMSG =
            function("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle POLL =
            function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle EVENTFD = function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private Libc() {}

    @SuppressWarnings("restricted") // allowed by --enable-native-access
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** Room for errno after a call. */
    private static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    private static long checked(String call, long answer, MemorySegment state) throws NativeException {
        if (answer < 0) {
            throw new NativeException(call, (int) ERRNO.get(state, 0L));
        }
        return answer;
    }

    private static AssertionError impossible(Throwable e) {
        return new AssertionError("a native call does not throw", e);
    }

    static int socket(int family, int type, int protocol) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int answer;
            try {
                answer = (int) SOCKET.invokeExact(state, family, type, protocol);
            } catch (Throwable e) {
                throw impossible(e);
            }
            return (int) checked("socket", answer, state);
        }
    }

    /** Errors are of no use to anyone: the descriptor is gone in any case. */
    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(state(arena), descriptor);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static void bind(int descriptor, MemorySegment address) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int answer;
            try {
                answer = (int) BIND.invokeExact(state, descriptor, address, (int) address.byteSize());
            } catch (Throwable e) {
                throw impossible(e);
            }
            checked("bind", answer, state);
        }
    }

    static void connect(int descriptor, MemorySegment address) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int answer;
            try {
                answer = (int) CONNECT.invokeExact(state, descriptor, address, (int) address.byteSize());
            } catch (Throwable e) {
                throw impossible(e);
            }
            checked("connect", answer, state);
        }
    }

    static void setOption(int descriptor, int level, int name, MemorySegment value) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int answer;
            try {
                answer = (int)
                        SETSOCKOPT.invokeExact(state, descriptor, level, name, value, (int) value.byteSize());
            } catch (Throwable e) {
                throw impossible(e);
            }
            checked("setsockopt", answer, state);
        }
    }

    static void setOption(int descriptor, int level, int name, int value) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            setOption(descriptor, level, name, arena.allocateFrom(JAVA_INT, value));
        }
    }

    static int option(int descriptor, int level, int name) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            int answer;
            try {
                answer = (int) GETSOCKOPT.invokeExact(state, descriptor, level, name, value, length);
            } catch (Throwable e) {
                throw impossible(e);
            }
            checked("getsockopt", answer, state);
            return value.get(JAVA_INT, 0);
        }
    }

    static void send(int descriptor, MemorySegment packet, int flags) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            long answer;
            try {
                answer = (long) SEND.invokeExact(state, descriptor, packet, packet.byteSize(), flags);
            } catch (Throwable e) {
                throw impossible(e);
            }
            checked("send", answer, state);
        }
    }

    /** Bytes received. */
    static int receive(int descriptor, MemorySegment message, int flags) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            long answer;
            try {
                answer = (long) RECVMSG.invokeExact(state, descriptor, message, flags);
            } catch (Throwable e) {
                throw impossible(e);
            }
            return (int) checked("recvmsg", answer, state);
        }
    }

    /** Blocks its thread for as long as asked; for a platform thread only. */
    static int poll(MemorySegment descriptors, long count, int timeoutMillis) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int answer;
            try {
                answer = (int) POLL.invokeExact(state, descriptors, count, timeoutMillis);
            } catch (Throwable e) {
                throw impossible(e);
            }
            return (int) checked("poll", answer, state);
        }
    }

    /** A counter to wake a {@link #poll} with. */
    static int eventCounter(int flags) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int answer;
            try {
                answer = (int) EVENTFD.invokeExact(state, 0, flags);
            } catch (Throwable e) {
                throw impossible(e);
            }
            return (int) checked("eventfd", answer, state);
        }
    }

    /** Adds one to an event counter. */
    static void count(int counter) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1L);
            long _ = (long) WRITE.invokeExact(state(arena), counter, one, (long) Long.BYTES);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Sets an event counter to zero. */
    static void reset(int counter) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            long _ = (long) READ.invokeExact(state(arena), counter, value, (long) Long.BYTES);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Size of a pointer, for a check of the platform. */
    static boolean is64Bit() {
        return ADDRESS.byteSize() == Long.BYTES && MemoryLayout.structLayout(JAVA_LONG).byteSize() == Long.BYTES;
    }
}
