package dev.gatewatch.sandbox;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** Which names and addresses mean this machine and nothing else. */
final class Loopback {
    /** Where the sandbox's own servers listen. */
    static final InetAddress ADDRESS = address();

    private Loopback() {}

    /** Whether a host as written in a URL means this machine, whatever a name server says. */
    static boolean names(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return bare.toLowerCase(Locale.ROOT).equals("localhost")
                || bare.equals("::1")
                || bare.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
