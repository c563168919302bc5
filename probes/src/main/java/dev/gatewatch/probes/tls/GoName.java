package dev.gatewatch.probes.tls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * A distinguished name as Go's {@code pkix.Name} prints it, which is what labels of Prometheus exporters have: near to RFC 2253, but with
 * the known parts in an order of their own, those of one kind together, and the others behind them by number. Pure functions.
 */
final class GoName {
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SERIAL_NUMBER = "2.5.4.5";

    /** The known parts, in the order in which they are printed. */
    private static final SequencedMap<String, String> KNOWN = known();

    private GoName() {}

    private static SequencedMap<String, String> known() {
        var names = new LinkedHashMap<String, String>();
        names.put(SERIAL_NUMBER, "SERIALNUMBER");
        names.put(COMMON_NAME, "CN");
        names.put("2.5.4.11", "OU");
        names.put("2.5.4.10", "O");
        names.put("2.5.4.17", "POSTALCODE");
        names.put("2.5.4.9", "STREET");
        names.put("2.5.4.7", "L");
        names.put("2.5.4.8", "ST");
        names.put("2.5.4.6", "C");
        return names;
    }

    /** The name as text; empty for an empty name. */
    static String of(X500Principal name) {
        var values = new LinkedHashMap<String, List<String>>();
        var others = new ArrayList<String>();
        for (RDN part : X500Name.getInstance(name.getEncoded()).getRDNs()) {
            for (AttributeTypeAndValue one : part.getTypesAndValues()) {
                String type = one.getType().getId();
                if (KNOWN.containsKey(type) && one.getValue() instanceof ASN1String text) {
                    values.computeIfAbsent(type, _ -> new ArrayList<>()).add(text.getString());
                } else {
                    others.addFirst(type + "=#" + hex(one));
                }
            }
        }
        var parts = new ArrayList<String>();
        for (Map.Entry<String, String> known : KNOWN.entrySet()) {
            List<String> those = values.getOrDefault(known.getKey(), List.of());
            if (!those.isEmpty()) {
                // of what there should be one, the last one stands
                boolean single = known.getKey().equals(COMMON_NAME) || known.getKey().equals(SERIAL_NUMBER);
                parts.add(String.join(
                        "+",
                        (single ? List.of(those.getLast()) : those)
                                .stream()
                                        .map(value -> known.getValue() + "=" + escaped(value))
                                        .toList()));
            }
        }
        parts.addAll(others);
        return String.join(",", parts);
    }

    private static String hex(AttributeTypeAndValue one) {
        try {
            var value = one.getValue().toASN1Primitive();
            if (value instanceof ASN1String text) {
                // Go keeps the text only, and writes it as the simplest kind that can hold it
                boolean simple = DERPrintableString.isPrintableString(text.getString());
                value = simple ? new DERPrintableString(text.getString()) : new DERUTF8String(text.getString());
            }
            return HexFormat.of().formatHex(value.getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String escaped(String value) {
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean special =
                    switch (c) {
                        case ',', '+', '"', '\\', '<', '>', ';' -> true;
                        case ' ' -> i == 0 || i == value.length() - 1;
                        case '#' -> i == 0;
                        default -> false;
                    };
            text.append(special ? "\\" : "").append(c);
        }
        return text.toString();
    }
}
