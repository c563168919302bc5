package dev.gatewatch.probes.starttls;

import java.io.IOException;
import java.util.Locale;

/** How protocols of lines of text start TLS. Pure functions over one conversation. */
final class LineProtocols {
    private static final int MOST_LINES = 200;

    private LineProtocols() {}

    static void smtp(Peer peer) throws IOException, RefusedException {
        require("220", reply(peer), "a mail server's greeting");
        peer.waitFor("the answer to EHLO");
        peer.send("EHLO " + peer.ourLiteral() + "\r\n");
        String can = reply(peer);
        require("250", can, "the answer to EHLO");
        boolean offered = can.lines().map(l -> l.toUpperCase(Locale.ROOT)).anyMatch(l -> l.matches("250[ -]STARTTLS\\s*"));
        if (!offered) {
            throw RefusedException.noTls("the mail server does not offer STARTTLS; it offers: " + Peer.quoted(can));
        }
        peer.waitFor("the answer to STARTTLS");
        peer.send("STARTTLS\r\n");
        started("220", reply(peer));
    }

    static void ftp(Peer peer) throws IOException, RefusedException {
        require("220", reply(peer), "an FTP server's greeting");
        peer.waitFor("the answer to AUTH TLS");
        peer.send("AUTH TLS\r\n");
        started("234", reply(peer));
    }

    /** All lines of a reply (RFC 5321 section 4.2.1, RFC 959 section 4.2): the last has a blank behind the code. */
    private static String reply(Peer peer) throws IOException, RefusedException {
        var all = new StringBuilder();
        String first = "";
        for (int i = 0; i < MOST_LINES; i++) {
            String line = peer.line();
            all.append(line).append('\n');
            first = i == 0 ? line : first;
            boolean more = first.length() > 3 && first.charAt(3) == '-';
            String code = first.substring(0, Math.min(3, first.length()));
            if (!more || line.equals(code) || line.startsWith(code + " ")) {
                return all.toString();
            }
        }
        throw RefusedException.unexpected("the server's reply has no end: " + Peer.quoted(first));
    }

    static void pop3(Peer peer) throws IOException, RefusedException {
        require("+OK", peer.line(), "a POP3 server's greeting");
        peer.waitFor("the answer to STLS");
        peer.send("STLS\r\n");
        started("+OK", peer.line());
    }

    static void imap(Peer peer) throws IOException, RefusedException {
        require("* OK", peer.line(), "an IMAP server's greeting");
        peer.waitFor("the answer to STARTTLS");
        peer.send("g1 STARTTLS\r\n");
        for (int i = 0; i < MOST_LINES; i++) {
            String line = peer.line();
            if (!line.startsWith("* ")) { // which may come between at any time
                started("g1 OK", line);
                return;
            }
        }
        throw RefusedException.unexpected("the server talks on and does not answer STARTTLS");
    }

    static void xmpp(Peer peer) throws IOException, RefusedException {
        String to = peer.host().replaceAll("[^A-Za-z0-9._:-]", "");
        peer.waitFor("the stream's features");
        peer.send("<?xml version='1.0'?><stream:stream to='" + to
                + "' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>");
        var seen = new StringBuilder();
        while (!seen.toString().contains("</stream:features>") && !seen.toString().contains("<stream:features/>")) {
            String tag = peer.through('>');
            seen.append(tag);
            if (seen.length() > tag.length() && !seen.toString().contains("<stream:stream")) {
                throw RefusedException.unexpected("expected an XMPP stream, got: " + Peer.quoted(seen.toString()));
            }
            if (tag.contains("</stream:stream") || tag.contains("</stream:error")) {
                throw RefusedException.unexpected("the server ended the stream: " + Peer.quoted(seen.toString()));
            }
        }
        if (!seen.toString().contains("urn:ietf:params:xml:ns:xmpp-tls")) {
            throw RefusedException.noTls("the XMPP server does not offer STARTTLS");
        }
        peer.waitFor("the answer to starttls");
        peer.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        String answer = peer.through('>');
        if (!answer.contains("<proceed")) {
            throw RefusedException.noTls("the server refused to start TLS: " + Peer.quoted(answer));
        }
        if (!answer.endsWith("/>")) {
            peer.through('>'); // its closing tag
        }
    }

    private static void require(String beginning, String got, String what) throws RefusedException {
        if (!got.toUpperCase(Locale.ROOT).startsWith(beginning)) {
            throw RefusedException.unexpected("expected " + what + " (" + beginning + "), got: " + Peer.quoted(got));
        }
    }

    private static void started(String yes, String got) throws RefusedException {
        if (!got.toUpperCase(Locale.ROOT).startsWith(yes.toUpperCase(Locale.ROOT))) {
            throw RefusedException.noTls("the server refused to start TLS: " + Peer.quoted(got));
        }
    }
}
