package dev.gatewatch.probes.nativenet;

import java.util.OptionalInt;

/**
 * What came in on a socket. Immutable, but for its bytes, which belong to whoever got it.
 *
 * @param bytes as the socket gives them: a raw IPv4 socket has the IP header in front
 * @param atNanos when the kernel took it in, on the scale of {@link System#nanoTime}
 * @param hopLimit TTL or hop limit that was left on arrival, where the kernel told it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, and not kept
public record Packet(byte[] bytes, long atNanos, OptionalInt hopLimit) {}
