package dev.gatewatch.probes.net;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A block of addresses (RFC 4632, RFC 4291 section 2.3): {@code 10.0.0.0/8}, {@code fe80::/10}, or one address. Immutable.
 *
 * @param network its first address
 * @param prefix bits that all its addresses share
 */
public record Cidr(InetAddress network, int prefix) {
    /** Reads a block or an address; nothing where the text is neither, or has bits set behind the prefix. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = address.getAddress().length * 8;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix < 0 || prefix > bits) {
                return Optional.empty();
            }
            byte[] bytes = address.getAddress();
            for (int bit = prefix; bit < bits; bit++) {
                if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
                    return Optional.empty();
                }
            }
            return Optional.of(new Cidr(address, prefix));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Whether the address is in the block. An IPv4 address mapped into IPv6 counts as the IPv4 address. */
    public boolean has(InetAddress address) {
        byte[] one = network.getAddress();
        byte[] other = address.getAddress();
        if (one.length != other.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (one[i] != other[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((one[whole] ^ other[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + (prefix == network.getAddress().length * 8 ? "" : "/" + prefix);
    }
}
