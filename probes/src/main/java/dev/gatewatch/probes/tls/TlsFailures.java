package dev.gatewatch.probes.tls;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * Names the cause of a failed TLS handshake and puts alerts (RFC 8446 section 6.2) into plain words. The JDK tells an alert only in its
 * exception's message. Pure functions.
 */
public final class TlsFailures {
    private static final Pattern ALERT = Pattern.compile("received fatal alert: ([a-z_]+)");
    private static final Pattern SELECTED = Pattern.compile("selected protocol version ([a-z0-9.]+)");

    private TlsFailures() {}

    /**
     * Why a handshake failed. A fault of the chain comes first, as it is what ended the handshake.
     *
     * @param took how long the handshake lasted
     */
    public static Failure handshake(IOException e, TlsRun run, Duration took) {
        Optional<Failure> chain = run.chainFault();
        String text = text(e);
        Matcher alert = ALERT.matcher(text);
        if (alert.find()) {
            return alert(alert.group(1), run);
        }
        if (chain.isPresent()) {
            return chain.get();
        }
        Matcher selected = SELECTED.matcher(text);
        if (selected.find()) {
            return new Failure(
                    Cause.TLS_VERSION, "the server speaks only " + version(selected.group(1)) + "; " + wanted(run));
        }
        if (text.contains("unsupported or unrecognized ssl message") || text.contains("unknown ssl message")) {
            return new Failure(Cause.TLS_HANDSHAKE, "the server answers without TLS on this port");
        }
        if (has(e, SocketTimeoutException.class) || text.contains("timed out")) {
            return new Failure(
                    Cause.RESPONSE_TIMEOUT, "the TLS handshake did not end within " + Durations.format(took));
        }
        boolean cut = text.contains("connection reset")
                || text.contains("broken pipe")
                || text.contains("connection aborted");
        boolean closed = has(e, EOFException.class) || text.contains("terminated the handshake");
        if ((cut || closed) && run.clientCertificateAsked()) {
            return cutAfterAsking(run);
        }
        if (cut) {
            return new Failure(Cause.CONNECTION_RESET, "the server cut the connection in the TLS handshake");
        }
        if (closed) {
            return new Failure(
                    Cause.TLS_HANDSHAKE, "the server closed the connection in the TLS handshake without saying why");
        }
        if (text.contains("algorithm constraints")) {
            return new Failure(Cause.TLS_CIPHER, "the server's key exchange is too weak");
        }
        return new Failure(Cause.TLS_HANDSHAKE, "the TLS handshake failed: " + detail(e));
    }

    /**
     * Why an established TLS connection ended with an alert: since TLS 1.3 a server may reject the client's certificate only after the
     * client's handshake is done.
     *
     * @return nothing where no alert is in the exception
     */
    public static Optional<Failure> afterHandshake(IOException e, TlsRun run) {
        Matcher alert = ALERT.matcher(text(e));
        return alert.find() ? Optional.of(alert(alert.group(1), run)) : Optional.empty();
    }

    /**
     * A server that asked for a client certificate cut the connection after getting the answer. Its alert may be lost then: what we
     * were still sending makes the system reset the connection.
     */
    static Failure cutAfterAsking(TlsRun run) {
        return run.clientCertificateSent()
                ? rejected(": it cut the connection without saying why")
                : new Failure(
                        Cause.CLIENT_CERT_REQUIRED,
                        "the server asks for a client certificate, got none, and cut the connection");
    }

    /** Whether an exception comes from TLS rather than from the connection below. */
    public static boolean isTls(IOException e) {
        return has(e, SSLException.class);
    }

    private static Failure alert(String name, TlsRun run) {
        boolean sent = run.clientCertificateSent();
        boolean asked = run.clientCertificateAsked();
        return switch (name) {
            case "protocol_version" ->
                new Failure(Cause.TLS_VERSION, "the server accepts no TLS version that we offer; " + wanted(run));
            case "insufficient_security" ->
                new Failure(Cause.TLS_CIPHER, "the server finds none of our cipher suites strong enough");
            case "certificate_required" -> required();
            case "handshake_failure" -> {
                if (asked) {
                    yield sent ? rejected("") : required();
                }
                yield run.recorder().seen().isEmpty()
                        ? new Failure(Cause.TLS_CIPHER, "the server shares no cipher suite, group or signature with us")
                        : new Failure(Cause.TLS_HANDSHAKE, "the server broke off the handshake");
            }
            case "unknown_ca" -> ofClient(name, "the server does not know its issuer", asked, sent);
            case "bad_certificate" -> ofClient(name, "the server calls it bad", asked, sent);
            case "unsupported_certificate" -> ofClient(name, "its kind is not supported", asked, sent);
            case "certificate_revoked" -> ofClient(name, "it is revoked", asked, sent);
            case "certificate_expired" -> ofClient(name, "it is expired", asked, sent);
            case "certificate_unknown" -> ofClient(name, "the server gives no reason", asked, sent);
            case "access_denied" -> ofClient(name, "it is valid and has no access", asked, sent);
            case "unrecognized_name" ->
                new Failure(Cause.TLS_HANDSHAKE, "the server has no site of this name (unrecognized_name)");
            case "no_application_protocol" ->
                new Failure(Cause.TLS_HANDSHAKE, "the server speaks none of the offered application protocols (ALPN)");
            case "internal_error" ->
                new Failure(Cause.TLS_HANDSHAKE, "the server had an internal error in the TLS handshake");
            case "decode_error", "decrypt_error", "illegal_parameter", "unexpected_message", "record_overflow",
                    "bad_record_mac" ->
                new Failure(
                        Cause.TLS_HANDSHAKE,
                        "the server could not understand the handshake (" + name
                                + "); a box on the way may have changed it");
            default -> new Failure(Cause.TLS_HANDSHAKE, "the server broke off TLS with the alert " + name);
        };
    }

    private static Failure ofClient(String alert, String why, boolean asked, boolean sent) {
        if (sent) {
            return rejected(": " + why);
        }
        return asked
                ? required()
                : new Failure(Cause.TLS_HANDSHAKE, "the server broke off TLS with the alert " + alert);
    }

    private static Failure required() {
        return new Failure(Cause.CLIENT_CERT_REQUIRED, "the server asks for a client certificate and got none");
    }

    private static Failure rejected(String why) {
        return new Failure(Cause.CLIENT_CERT_REJECTED, "the server rejected our client certificate" + why);
    }

    private static String wanted(TlsRun run) {
        return "offered: "
                + run.settings().versions().stream()
                        .map(TlsVersion::display)
                        .collect(Collectors.joining(", "));
    }

    /** The JDK writes {@code TLS11} in this message. */
    private static String version(String jdk) {
        return switch (jdk) {
            case "ssl30" -> "SSL 3.0";
            case "tls10" -> "TLS 1.0";
            case "tls11" -> "TLS 1.1";
            case "tls12" -> "TLS 1.2";
            case "tls13" -> "TLS 1.3";
            default -> jdk;
        };
    }

    /** The JDK's own words without its prefix in brackets. */
    private static String detail(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.replaceFirst("^\\([a-z_]+\\) ", "");
    }

    private static boolean has(Throwable e, Class<? extends Throwable> type) {
        Throwable at = e;
        for (int depth = 0; at != null && depth < 10; depth++) {
            if (type.isInstance(at)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private static String text(Throwable e) {
        var all = new StringBuilder();
        Throwable at = e;
        for (int depth = 0; at != null && depth < 10; depth++) {
            all.append(at.getMessage()).append('\n');
            at = at.getCause();
        }
        return all.toString().toLowerCase(Locale.ROOT);
    }
}
