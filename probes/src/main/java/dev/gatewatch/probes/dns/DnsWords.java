package dev.gatewatch.probes.dns;

import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** How names, types, classes and response codes are written. */
final class DnsWords {
    /** A name, complete with or without its last dot. */
    static final ValueType<Name> NAME = Types.scalar("a domain name", Map.of("type", "string"), text -> {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Name.fromString(text, Name.root));
        } catch (TextParseException _) {
            return Optional.empty();
        }
    });

    /** Every type of a question: by its name, or as {@code TYPE65280} (RFC 3597). */
    static final ValueType<Integer> RECORD = Types.scalar(
            "a record type such as A, AAAA, MX, TXT, SRV, CAA, HTTPS or TYPE65280",
            Map.of("type", "string"),
            text -> Optional.of(Type.value(text.strip().toUpperCase(Locale.ROOT), false)).filter(DnsWords::canBeAsked));

    static final ValueType<Integer> CLASS = classes();

    /** Response codes by their names. */
    static final ValueType<Integer> RCODE = rcodes();

    private DnsWords() {}

    /** Transfers and the records that only say something about a message are no questions of a probe. */
    private static boolean canBeAsked(int type) {
        return switch (type) {
            case Type.OPT, Type.TSIG, Type.TKEY, Type.AXFR, Type.IXFR, Type.MAILA, Type.MAILB -> false;
            default -> type > 0 && type < 65_535;
        };
    }

    private static ValueType<Integer> classes() {
        var words = new LinkedHashMap<String, Integer>();
        words.put("IN", DClass.IN);
        words.put("CH", DClass.CH);
        words.put("HS", DClass.HS);
        words.put("ANY", DClass.ANY);
        return Types.oneOf(words);
    }

    private static ValueType<Integer> rcodes() {
        var words = new LinkedHashMap<String, Integer>();
        for (String word : new String[] {
            "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "FORMERR", "NOTIMP", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE"
        }) {
            words.put(word, org.xbill.DNS.Rcode.value(word));
        }
        return Types.oneOf(words);
    }
}
