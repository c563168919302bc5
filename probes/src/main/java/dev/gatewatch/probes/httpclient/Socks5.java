package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.httpclient.ProxySettings.Login;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks a SOCKS proxy for a connection (RFC 1928), with user name and password where there is a login (RFC 1929). */
final class Socks5 {
    private static final int VERSION = 5;
    private static final int NO_LOGIN = 0;
    private static final int PASSWORD = 2;
    private static final int NONE_ACCEPTABLE = 0xFF;
    private static final int LONGEST = 255;

    private Socks5() {}

    static void connect(Tunnel tunnel, InetSocketAddress target, InputStream in, OutputStream out) throws IOException {
        Optional<Login> login = tunnel.proxy().login();
        out.write(login.isPresent() ? new byte[] {VERSION, 2, NO_LOGIN, PASSWORD} : new byte[] {VERSION, 1, NO_LOGIN});
        out.flush();
        byte[] choice = exactly(in, 2);
        if (choice[0] != VERSION) {
            throw tunnel.failure("does not speak SOCKS5");
        }
        int method = choice[1] & 0xFF;
        if (method == PASSWORD && login.isPresent()) {
            logIn(tunnel, login.get(), in, out);
        } else if (method == NONE_ACCEPTABLE) {
            throw tunnel.failure(
                    login.isPresent() ? "takes no user name and password" : "wants a login, and there is no proxy_auth");
        } else if (method != NO_LOGIN) {
            throw tunnel.failure("wants a login of kind " + method + ", which is not supported");
        }
        out.write(request(tunnel, target));
        out.flush();
        byte[] head = exactly(in, 4);
        if (head[0] != VERSION) {
            throw tunnel.failure("does not speak SOCKS5");
        }
        if (head[1] != 0) {
            throw tunnel.failure("did not connect to " + Tunnel.host(target) + ":" + target.getPort() + ": "
                    + words(head[1] & 0xFF));
        }
        int bound =
                switch (head[3]) {
                    case 1 -> 4;
                    case 3 -> exactly(in, 1)[0] & 0xFF;
                    case 4 -> 16;
                    default -> throw tunnel.failure("does not speak SOCKS5");
                };
        exactly(in, bound + 2);
    }

    private static void logIn(Tunnel tunnel, Login login, InputStream in, OutputStream out) throws IOException {
        byte[] user = login.username().getBytes(StandardCharsets.UTF_8);
        byte[] password = login.password().reveal().getBytes(StandardCharsets.UTF_8);
        if (user.length > LONGEST || password.length > LONGEST) {
            throw tunnel.failure("cannot be told a user name or password of more than 255 bytes");
        }
        var message = new ByteArrayOutputStream();
        message.write(1);
        message.write(user.length);
        message.writeBytes(user);
        message.write(password.length);
        message.writeBytes(password);
        out.write(message.toByteArray());
        out.flush();
        if (exactly(in, 2)[1] != 0) {
            throw tunnel.failure("rejects the login of " + login.username());
        }
    }

    private static byte[] request(Tunnel tunnel, InetSocketAddress target) throws IOException {
        var request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] {VERSION, 1, 0});
        if (target.isUnresolved()) {
            byte[] name = target.getHostString().getBytes(StandardCharsets.UTF_8);
            if (name.length > LONGEST) {
                throw tunnel.failure("cannot be told a name of more than 255 bytes");
            }
            request.write(3);
            request.write(name.length);
            request.writeBytes(name);
        } else {
            byte[] address = target.getAddress().getAddress();
            request.write(address.length == 4 ? 1 : 4);
            request.writeBytes(address);
        }
        request.write(target.getPort() >> 8);
        request.write(target.getPort());
        return request.toByteArray();
    }

    private static String words(int reply) {
        return switch (reply) {
            case 1 -> "it failed (SOCKS reply 1)";
            case 2 -> "its rules do not allow it (SOCKS reply 2)";
            case 3 -> "network unreachable (SOCKS reply 3)";
            case 4 -> "host unreachable (SOCKS reply 4)";
            case 5 -> "connection refused (SOCKS reply 5)";
            case 6 -> "time to live expired (SOCKS reply 6)";
            case 7 -> "it knows no CONNECT (SOCKS reply 7)";
            case 8 -> "it does not support this kind of address (SOCKS reply 8)";
            default -> "SOCKS reply " + reply;
        };
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }
}
