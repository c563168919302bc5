package dev.gatewatch.probes.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Makes client sockets that ask for the configured name and versions. Safe for many threads. */
final class NamedSocketFactory extends LayeredSockets {
    private final SSLSocketFactory plain;
    private final TlsSettings settings;
    private final String targetHost;

    NamedSocketFactory(SSLContext context, TlsSettings settings, String targetHost) {
        this.plain = context.getSocketFactory();
        this.settings = settings;
        this.targetHost = targetHost;
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        String name = host.equalsIgnoreCase(targetHost) ? settings.nameFor(host) : host;
        var socket = (SSLSocket) plain.createSocket(connected, name, port, autoClose);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(
                settings.versions().stream().map(TlsVersion::jdkName).toArray(String[]::new));
        if (!isAddress(name)) {
            parameters.setServerNames(serverNames(name));
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** By bytes, as this constructor also takes names with underscores and without dots, which exist in private networks. */
    private static List<javax.net.ssl.SNIServerName> serverNames(String name) {
        String absolute = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        try {
            return List.of(new SNIHostName(absolute.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException _) {
            return List.of(); // cannot be sent as a name; the server answers with its default certificate
        }
    }

    private static boolean isAddress(String name) {
        try {
            InetAddress.ofLiteral(name);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return plain.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return plain.getSupportedCipherSuites();
    }
}
