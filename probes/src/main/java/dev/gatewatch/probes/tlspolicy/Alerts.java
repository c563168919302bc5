package dev.gatewatch.probes.tlspolicy;

/** Alerts by name and in plain words (RFC 8446 section 6.2, RFC 5246 section 7.2.2). Pure functions. */
final class Alerts {
    private Alerts() {}

    static String name(int code) {
        return switch (code) {
            case 0 -> "close_notify";
            case 10 -> "unexpected_message";
            case 20 -> "bad_record_mac";
            case 21 -> "decryption_failed";
            case 22 -> "record_overflow";
            case 30 -> "decompression_failure";
            case 40 -> "handshake_failure";
            case 41 -> "no_certificate";
            case 42 -> "bad_certificate";
            case 43 -> "unsupported_certificate";
            case 44 -> "certificate_revoked";
            case 45 -> "certificate_expired";
            case 46 -> "certificate_unknown";
            case 47 -> "illegal_parameter";
            case 48 -> "unknown_ca";
            case 49 -> "access_denied";
            case 50 -> "decode_error";
            case 51 -> "decrypt_error";
            case 60 -> "export_restriction";
            case 70 -> "protocol_version";
            case 71 -> "insufficient_security";
            case 80 -> "internal_error";
            case 86 -> "inappropriate_fallback";
            case 90 -> "user_canceled";
            case 100 -> "no_renegotiation";
            case 109 -> "missing_extension";
            case 110 -> "unsupported_extension";
            case 112 -> "unrecognized_name";
            case 115 -> "unknown_psk_identity";
            case 116 -> "certificate_required";
            case 120 -> "no_application_protocol";
            default -> "number " + code;
        };
    }

    /** What the server means by it, to complete "the server …"; empty where the name says it all. */
    static String words(int code) {
        return switch (code) {
            case 0 -> "says goodbye without a reason";
            case 40 -> "accepts nothing in the offer";
            case 47, 50 -> "could not understand the hello; a box on the way may have changed it";
            case 70 -> "does not accept this version";
            case 71 -> "finds the offered suites too weak";
            case 80 -> "had an error of its own";
            case 109 -> "misses something in the hello";
            case 112 -> "has no site of this name";
            case 120 -> "wants an application protocol (ALPN)";
            default -> "";
        };
    }

    static String shown(int code) {
        String words = words(code);
        return "alert " + name(code) + (words.isEmpty() ? "" : ": the server " + words);
    }
}
