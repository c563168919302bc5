package dev.gatewatch.probes.starttls;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The server before TLS. Reads byte by byte, so that nothing behind its go-ahead is taken: what was injected in clear there meets the
 * TLS handshake and breaks it, instead of counting as said inside TLS (CVE-2011-0411). Bounded. Confined to the run's thread.
 */
final class Peer {
    private static final int MOST = 64 * 1024;
    private static final int LONGEST_LINE = 4_096;
    private static final int QUOTED = 80;

    private final InputStream in;
    private final OutputStream out;
    private final InetAddress us;
    private final String host;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private String waitingFor = "its greeting";

    Peer(Socket socket, String host) throws IOException {
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.us = socket.getLocalAddress();
        this.host = host;
    }

    /** The host as configured. */
    String host() {
        return host;
    }

    /** This machine as mail protocols name one without a name (RFC 5321 section 4.1.3). */
    String ourLiteral() {
        String address = us.getHostAddress();
        return address.indexOf(':') < 0 ? "[" + address + "]" : "[IPv6:" + address.replaceFirst("%.*", "") + "]";
    }

    /** What is being waited for, to complete "while waiting for …". */
    String waitingFor() {
        return waitingFor;
    }

    void waitFor(String what) {
        waitingFor = what;
    }

    /** A line without its end. */
    String line() throws IOException, RefusedException {
        var line = new ByteArrayOutputStream();
        for (int b = next(); b != '\n'; b = next()) {
            if (line.size() >= LONGEST_LINE) {
                throw RefusedException.unexpected("the server sent a line of more than " + LONGEST_LINE
                        + " bytes while waiting for " + waitingFor);
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Through a byte, included. */
    String through(char end) throws IOException, RefusedException {
        var text = new ByteArrayOutputStream();
        int b;
        do {
            b = next();
            text.write(b);
        } while (b != end);
        return text.toString(StandardCharsets.UTF_8);
    }

    int next() throws IOException, RefusedException {
        if (heard.size() >= MOST) {
            throw RefusedException.unexpected(
                    "the server talks on without end: " + MOST / 1024 + " kB while waiting for " + waitingFor);
        }
        int b = in.read();
        if (b < 0) {
            throw new EOFException();
        }
        heard.write(b);
        return b;
    }

    byte[] bytes(int count) throws IOException, RefusedException {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) next();
        }
        return bytes;
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** All that the server said, for a person; empty where it said nothing. */
    String heard() {
        return printable(heard.toString(StandardCharsets.UTF_8));
    }

    /** A text of the server for a message. */
    static String quoted(String text) {
        String line = printable(text.strip()).replaceAll("\\R", " ");
        return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "…";
    }

    /** Bytes of the server for a message. */
    static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\r\\n\\t]]", "·");
    }
}
