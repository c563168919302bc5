package dev.gatewatch.probes.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits PEM text into its blocks (RFC 7468); text between blocks is passed over. */
final class Pem {
    /** A bundle of all public authorities is about 250 kB. */
    static final long MOST_BYTES = 4 << 20;

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,60})-----");

    private Pem() {}

    /** One block. Confined to its reader. */
    static final class Block {
        private final String label;
        private final byte[] der;
        private final boolean hasHeaders;

        Block(String label, byte[] der, boolean hasHeaders) {
            this.label = label;
            this.der = der;
            this.hasHeaders = hasHeaders;
        }

        /** What stands between BEGIN and the dashes: {@code CERTIFICATE}. */
        String label() {
            return label;
        }

        byte[] der() {
            return der;
        }

        /** Whether RFC 1421 headers stand before the data, as in encrypted keys of old. */
        boolean hasHeaders() {
            return hasHeaders;
        }
    }

    static List<Block> read(Path file) throws PemException {
        String text;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new PemException(file + " is larger than " + (MOST_BYTES >> 20) + " MB: not a PEM file");
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new PemException("cannot read " + file + ": " + e.getMessage());
        }
        return parse(file, text);
    }

    /** As {@link #read}, of a text that was read already. */
    static List<Block> parse(Path file, String text) throws PemException {
        var blocks = new ArrayList<Block>();
        Matcher begin = BEGIN.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            String label = begin.group(1);
            int end = text.indexOf("-----END " + label + "-----", begin.end());
            if (end < 0) {
                throw new PemException(file + " is cut off: no END line for \"" + label + "\"");
            }
            blocks.add(block(file, label, text.substring(begin.end(), end)));
            from = end;
        }
        return blocks;
    }

    private static Block block(Path file, String label, String body) throws PemException {
        boolean hasHeaders = body.indexOf(':') >= 0;
        String data = hasHeaders ? body.substring(Math.max(body.lastIndexOf("\n\n"), body.lastIndexOf("\r\n\r\n")) + 1) : body;
        try {
            return new Block(label, Base64.getMimeDecoder().decode(data), hasHeaders);
        } catch (IllegalArgumentException _) {
            throw new PemException(file + " is damaged: the data of \"" + label + "\" is not base64");
        }
    }
}
