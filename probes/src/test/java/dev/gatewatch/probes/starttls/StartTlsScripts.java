package dev.gatewatch.probes.starttls;

import dev.gatewatch.probes.net.LocalServer;

/** What good servers say and hear before TLS, byte for byte as their RFCs and manuals have it. */
public final class StartTlsScripts {
    private static final String MYSQL_GREETING = "0a" + "382e302e333600" + "01000000" + "0102030405060708" + "00";
    private static final String MYSQL_REST = "21" + "0200" + "ff81" + "15" + "00".repeat(10) + "0102030405060708090a0b0c00";

    private static String[] script(StartTls protocol) {
        return switch (protocol) {
            case SMTP ->
                new String[] {
                    "S:220-mx.example ESMTP\\r\\n220 ready\\r\\n",
                    "C:EHLO [127.0.0.1]\\r\\n",
                    "S:250-mx.example\\r\\n250-SIZE 1000\\r\\n250-STARTTLS\\r\\n250 HELP\\r\\n",
                    "C:STARTTLS\\r\\n",
                    "S:220 2.0.0 go ahead\\r\\n"
                };
            case IMAP ->
                new String[] {
                    "S:* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\\r\\n",
                    "C:g1 STARTTLS\\r\\n",
                    "S:* 3 EXISTS\\r\\ng1 OK begin now\\r\\n"
                };
            case POP3 -> new String[] {"S:+OK POP3 <1@x>\\r\\n", "C:STLS\\r\\n", "S:+OK begin\\r\\n"};
            case FTP ->
                new String[] {"S:220-hi\\r\\n all\\r\\n220 ready\\r\\n", "C:AUTH TLS\\r\\n", "S:234 AUTH TLS OK.\\r\\n"};
            case POSTGRESQL -> new String[] {"C:0x0000000804d2162f", "S:S"};
            case MYSQL ->
                new String[] {
                    "S:0x" + mysql(MYSQL_GREETING + "ffff" + MYSQL_REST),
                    "C:0x20000001" + "018a0000" + "00000001" + "21" + "00".repeat(23)
                };
            case LDAP ->
                new String[] {
                    "C:0x301d02010177188016312e332e362e312e342e312e313436362e3230303337",
                    "S:0x300c02010178070a010004000400"
                };
            case XMPP ->
                new String[] {
                    "C:<?xml version='1.0'?><stream:stream to='127.0.0.1' xmlns='jabber:client'"
                            + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
                    "S:<?xml version='1.0'?><stream:stream from='im.example' id='1' xmlns='jabber:client'"
                            + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features>"
                            + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
                    "C:<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
                    "S:<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
                };
        };
    }

    private static String mysql(String payload) {
        return "%02x0000".formatted(payload.length() / 2) + "00" + payload;
    }

    private StartTlsScripts() {}

    /** A server of the protocol, and what it does when TLS is next. */
    public static ScriptedPeer peer(StartTls protocol, LocalServer.Talk afterwards) {
        return new ScriptedPeer(afterwards, script(protocol));
    }
}
