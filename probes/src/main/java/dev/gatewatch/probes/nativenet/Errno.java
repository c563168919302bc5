package dev.gatewatch.probes.nativenet;

/** The error numbers of Linux that are told apart here (asm-generic/errno.h, the same on x86-64 and aarch64). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int EMSGSIZE = 90;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETUNREACH = 101;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int EINPROGRESS = 115;

    private Errno() {}

    /** In words. */
    static String words(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted";
            case EACCES -> "permission denied";
            case EINVAL -> "invalid argument";
            case EMFILE -> "too many open files";
            case EMSGSIZE -> "message too long";
            case EPROTONOSUPPORT -> "protocol not supported";
            case EAFNOSUPPORT -> "address family not supported";
            case EADDRNOTAVAIL -> "no such address on this machine";
            case ENETUNREACH -> "network is unreachable";
            case ENOBUFS -> "no room in the send queue";
            case ETIMEDOUT -> "timed out";
            case ECONNREFUSED -> "connection refused";
            case EHOSTUNREACH -> "no route to host";
            default -> "error " + errno;
        };
    }
}
