package dev.gatewatch.probes.nativenet;

import java.net.Inet4Address;
import java.net.InetAddress;

/** An address family with the numbers that its sockets' options have (linux/in.h, linux/in6.h). */
public enum Family {
    IP4(2, 0, 1),
    IP6(10, 41, 58);

    private final int number;
    private final int level;
    private final int icmp;

    Family(int number, int level, int icmp) {
        this.number = number;
        this.level = level;
        this.icmp = icmp;
    }

    public static Family of(InetAddress address) {
        return address instanceof Inet4Address ? IP4 : IP6;
    }

    /** AF_INET or AF_INET6. */
    int number() {
        return number;
    }

    /** SOL_IP or SOL_IPV6. */
    int level() {
        return level;
    }

    /** IPPROTO_ICMP or IPPROTO_ICMPV6. */
    int icmp() {
        return icmp;
    }

    /** IP_TTL or IPV6_UNICAST_HOPS. */
    int hopLimitOption() {
        return this == IP4 ? 2 : 16;
    }

    /** IP_RECVTTL or IPV6_RECVHOPLIMIT. */
    int tellHopLimitOption() {
        return this == IP4 ? 12 : 51;
    }

    /** The control message that tells a hop limit: IP_TTL or IPV6_HOPLIMIT. */
    int hopLimitMessage() {
        return this == IP4 ? 2 : 52;
    }

    /** IP_RECVERR or IPV6_RECVERR: the option, and the control message. */
    int errors() {
        return this == IP4 ? 11 : 25;
    }

    /** IP_MTU_DISCOVER or IPV6_MTU_DISCOVER. */
    int pathMtuOption() {
        return this == IP4 ? 10 : 23;
    }
}
