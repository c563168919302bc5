package dev.gatewatch.probes.websocket;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.websocket.Frames.Event.Close;

/**
 * Why a server closed a connection that was still needed, by its code: RFC 6455, section 7.4, IANA's registry, and the 4400s that follow
 * HTTP's statuses by custom. Pure function.
 */
final class CloseVerdict {
    private CloseVerdict() {}

    /**
     * The failure behind an unexpected close.
     *
     * @param doing what was being done, to complete "… while ": {@code waiting for a message}
     * @param credentialSent whether the upgrade request carried one
     */
    static Failure of(Close close, String doing, boolean credentialSent) {
        return new Failure(cause(close.code(), credentialSent), "the server closed with " + shown(close) + " while " + doing);
    }

    private static Cause cause(int code, boolean credentialSent) {
        return switch (code) {
            case 1002, 1003, 1007, 1009, 1010, 4400 -> Cause.REQUEST_INVALID;
            case 1012, 1013 -> Cause.SERVER_OVERLOADED;
            case 3000, 4401 -> credentialSent ? Cause.CREDENTIAL_REJECTED : Cause.CREDENTIAL_MISSING;
            case 3003, 4403 -> Cause.PERMISSION_MISSING;
            case 3008, 4408 -> Cause.RESPONSE_TIMEOUT;
            case 4429 -> Cause.RATE_LIMITED;
            default -> code == 1008 || code >= 3000 ? Cause.REQUEST_REFUSED : Cause.CONNECTION_RESET;
        };
    }

    /** As {@code 1008 policy violation ("no such room")}. */
    static String shown(Close close) {
        String word =
                switch (close.code()) {
                    case 1000 -> " normal closure";
                    case 1001 -> " going away";
                    case 1002 -> " protocol error";
                    case 1003 -> " unsupported data";
                    case 1005 -> " no code given";
                    case 1007 -> " invalid data";
                    case 1008 -> " policy violation";
                    case 1009 -> " message too big";
                    case 1011 -> " internal error";
                    case 1012 -> " service restart";
                    case 1013 -> " try again later";
                    case 1014 -> " bad gateway";
                    case 3000, 4401 -> " unauthorized";
                    case 3003, 4403 -> " forbidden";
                    case 4429 -> " too many requests";
                    default -> "";
                };
        return close.code() + word + (close.reason().isEmpty() ? "" : " (\"" + close.reason() + "\")");
    }
}
