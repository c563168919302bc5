package dev.gatewatch.probes.revocation;

import java.util.Arrays;

/**
 * Walks the elements of DER (X.690) without making objects of them: for lists of hundreds of thousands of entries, and for looking at
 * bytes of strangers before a parser that recurses does. Confined to its user's thread.
 */
final class DerCursor {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int SEQUENCE = 0x30;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;

    /** Deeper than anything that a certificate, an OCSP answer or a list has a use for. */
    private static final int DEEPEST = 40;

    private static final int CONSTRUCTED = 0x20;
    private static final int HIGH_TAG = 0x1F;

    private final byte[] der;
    private final int end;
    private int at;

    /** Over all of these bytes. */
    DerCursor(byte[] der) {
        this(der, 0, der.length);
    }

    private DerCursor(byte[] der, int from, int end) {
        this.der = der;
        this.at = from;
        this.end = end;
    }

    /** An element. {@code from} is where its tag stands, {@code content} where its content begins, {@code end} where it has ended. */
    record Element(int tag, int from, int content, int end) {
        int length() {
            return end - content;
        }
    }

    boolean hasNext() {
        return at < end;
    }

    /** The tag of the next element; -1 at the end. */
    int peek() {
        return hasNext() ? der[at] & 0xFF : -1;
    }

    /** Takes the next element. */
    Element next() throws DerException {
        int from = at;
        int tag = take();
        if ((tag & HIGH_TAG) == HIGH_TAG) {
            throw new DerException("a tag beyond 30");
        }
        int length = take();
        if (length >= 0x80) {
            int bytes = length & 0x7F;
            if (bytes == 0 || bytes > 4) {
                throw new DerException("a length that is not DER");
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | take();
            }
        }
        if (length < 0 || length > end - at) {
            throw new DerException("cut off");
        }
        int content = at;
        at += length;
        return new Element(tag, from, content, at);
    }

    /** Takes the next element, which has to be of this tag. */
    Element next(int tag) throws DerException {
        if (peek() != tag) {
            throw new DerException("an unexpected element");
        }
        return next();
    }

    /** Within an element. */
    DerCursor in(Element element) {
        return new DerCursor(der, element.content(), element.end());
    }

    /** An element with its tag and length. */
    byte[] whole(Element element) {
        return Arrays.copyOfRange(der, element.from(), element.end());
    }

    byte[] content(Element element) {
        return Arrays.copyOfRange(der, element.content(), element.end());
    }

    private int take() throws DerException {
        if (at >= end) {
            throw new DerException("cut off");
        }
        return der[at++] & 0xFF;
    }

    /** Throws for what is no DER or nested too deeply to be handed to a parser that recurses. */
    static void check(byte[] der) throws DerException {
        var open = new DerCursor[DEEPEST];
        int depth = 0;
        open[0] = new DerCursor(der);
        while (depth >= 0) {
            if (!open[depth].hasNext()) {
                depth--;
                continue;
            }
            Element element = open[depth].next();
            if ((element.tag() & CONSTRUCTED) != 0) {
                if (++depth == DEEPEST) {
                    throw new DerException("nested more than " + DEEPEST + " deep");
                }
                open[depth] = open[0].in(element);
            }
        }
    }
}
