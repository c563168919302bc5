package dev.gatewatch.probes.http;

import dev.gatewatch.probes.net.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import okhttp3.tls.HandshakeCertificates;

/** A proxy that knows CONNECT only, over TLS or without, and keeps what it was asked first. */
final class TlsConnect {
    private TlsConnect() {}

    static LocalServer start(HandshakeCertificates certificates, StringBuilder heard) throws IOException {
        ServerSocket listener = certificates
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return LocalServer.start(listener, socket -> serve(socket, heard));
    }

    static LocalServer plain(StringBuilder heard) throws IOException {
        return LocalServer.start(socket -> serve(socket, heard));
    }

    private static void serve(Socket socket, StringBuilder heard) throws Exception {
        InputStream in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return;
            }
            head.append((char) b);
        }
        heard.append(head);
        String target = head.toString().split(" ")[1];
        int colon = target.lastIndexOf(':');
        try (var to = new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)))) {
            socket.getOutputStream().write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Thread back = Thread.ofVirtual().start(() -> {
                try {
                    to.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException _) {
                    // one side has gone
                }
            });
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
            back.join();
        }
    }
}
