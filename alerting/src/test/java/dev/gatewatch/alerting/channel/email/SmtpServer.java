package dev.gatewatch.alerting.channel.email;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A small SMTP server on loopback (RFC 5321, with STARTTLS of RFC 3207 and AUTH PLAIN of RFC 4954) that keeps what it is sent, and can be
 * told to answer a command otherwise. Safe for many threads.
 */
public final class SmtpServer implements AutoCloseable {
    /** Answers nothing any more. */
    static final String HANG = "hang";

    /** Closes the connection without an answer. */
    static final String HANG_UP = "hang up";

    /** One mail as it came. */
    public record Received(String from, List<String> to, String data, boolean protectedByTls, String login) {}

    public final List<Received> mails = new CopyOnWriteArrayList<>();
    final List<String> commands = new CopyOnWriteArrayList<>();

    private final ServerSocket socket;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final @Nullable SSLSocketFactory tls;
    private final boolean fromTheFirstByte;

    private SmtpServer(@Nullable SSLSocketFactory tls, boolean fromTheFirstByte) throws IOException {
        this.tls = tls;
        this.fromTheFirstByte = fromTheFirstByte;
        this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    public static SmtpServer plain() throws IOException {
        return new SmtpServer(null, false);
    }

    static SmtpServer startTls(SSLSocketFactory tls) throws IOException {
        return new SmtpServer(tls, false);
    }

    static SmtpServer implicitTls(SSLSocketFactory tls) throws IOException {
        return new SmtpServer(tls, true);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** From now on answers to lines that begin so. {@code greeting} and {@code data} (the end of the text) are named so. */
    SmtpServer answering(String command, String answer) {
        answers.put(command, answer);
        return this;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            new Dialogue(fromTheFirstByte ? protect(client) : client).run();
        } catch (IOException _) {
            // the client went away
        }
    }

    private SSLSocket protect(Socket client) throws IOException {
        if (tls == null) {
            throw new IOException("no TLS here");
        }
        SSLSocket secure = (SSLSocket) tls.createSocket(client, "127.0.0.1", client.getPort(), true);
        secure.setUseClientMode(false);
        secure.startHandshake();
        open.add(secure);
        return secure;
    }

    /** One connection. */
    private final class Dialogue {
        private Socket client;
        private BufferedReader in;
        private OutputStream out;
        private String from = "";
        private String login = "";
        private final List<String> to = new CopyOnWriteArrayList<>();

        private Dialogue(Socket client) throws IOException {
            this.client = client;
            this.in = reader(client);
            this.out = client.getOutputStream();
        }

        private static BufferedReader reader(Socket client) throws IOException {
            return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        }

        private void run() throws IOException {
            if (!said("greeting", "220 mail.test ESMTP")) {
                return;
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                if (!answered(line)) {
                    return;
                }
            }
        }

        private boolean answered(String line) throws IOException {
            String command = line.toUpperCase(Locale.ROOT);
            if (command.startsWith("EHLO")) {
                boolean offersTls = tls != null && !(client instanceof SSLSocket) && !answers.containsKey("no starttls");
                return said(line, "250-mail.test\r\n" + (offersTls ? "250-STARTTLS\r\n" : "") + "250-AUTH PLAIN\r\n250 8BITMIME");
            } else if (command.startsWith("STARTTLS")) {
                boolean goesOn = said(line, "220 go ahead");
                client = protect(client);
                in = reader(client);
                out = client.getOutputStream();
                return goesOn;
            } else if (command.startsWith("AUTH PLAIN")) {
                login = line.substring("AUTH PLAIN".length()).strip();
                return said(line, "235 welcome");
            } else if (command.startsWith("MAIL FROM:")) {
                from = line.substring("MAIL FROM:".length());
                return said(line, "250 ok");
            } else if (command.startsWith("RCPT TO:")) {
                boolean refused = answers.keySet().stream().anyMatch(line::startsWith);
                if (!refused) {
                    to.add(line.substring("RCPT TO:".length()));
                }
                return said(line, "250 ok");
            } else if (command.equals("DATA")) {
                return said(line, "354 go on") && (answers.containsKey("DATA") || text());
            } else if (command.startsWith("QUIT")) {
                say("221 bye");
                return false;
            }
            return said(line, "250 ok");
        }

        private boolean text() throws IOException {
            var data = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                data.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            }
            if (!answers.containsKey("data")) {
                mails.add(new Received(from, List.copyOf(to), data.toString(), client instanceof SSLSocket, login));
            }
            return said("data", "250 queued");
        }

        private boolean said(String line, String usual) throws IOException {
            String answer = answers.entrySet().stream()
                    .filter(other -> line.startsWith(other.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(usual);
            if (answer.equals(HANG)) {
                while (in.read() >= 0) {
                    // until the client has enough
                }
                return false;
            }
            if (answer.equals(HANG_UP)) {
                client.close();
                return false;
            }
            say(answer);
            return true;
        }

        private void say(String answer) throws IOException {
            out.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
