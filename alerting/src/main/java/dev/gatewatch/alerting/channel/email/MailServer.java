package dev.gatewatch.alerting.channel.email;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.config.Secret;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * An SMTP server to send through. A connection a mail: servers close idle ones sooner than the next alert comes. Immutable.
 *
 * @param timeout for one mail in all
 * @param trust the authorities to trust in place of the system's
 */
record MailServer(
        String host, int port, Security security, Optional<Login> login, Duration timeout, Optional<X509TrustManager> trust) {
    /** Between the end of the connection and the end of the thread. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** How the connection is protected. */
    enum Security {
        STARTTLS(587),
        TLS(465),
        NONE(25);

        private final int port;

        Security(int port) {
            this.port = port;
        }

        /** The usual port. */
        int port() {
            return port;
        }
    }

    /** Whom to log in as. */
    record Login(String username, Secret password) {}

    /**
     * Sends a mail. As each read and write may take as long as the whole, it is done on a thread that is interrupted at the end, which
     * closes a socket that a virtual thread waits for.
     */
    Delivery send(Letters.Letter letter) throws InterruptedException {
        var attempt = new Attempt(letter);
        var task = new FutureTask<>(attempt::run);
        Thread thread = Thread.ofVirtual().name("email").start(task);
        try {
            return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return new Delivery.Retry(
                    this + ": no answer within " + timeout.toMillis() + " ms", Optional.empty(), attempt.begun);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a mail could not be written", e.getCause());
        } finally {
            if (thread.isAlive()) {
                thread.interrupt();
                boolean _ = thread.join(LINGER);
            }
        }
    }

    /** One attempt. Confined to its thread, but for what is volatile. */
    private final class Attempt {
        private final Letters.Letter letter;

        /** Whether the server was given some of the mail, so that it may have taken it. */
        private volatile boolean begun;

        private Attempt(Letters.Letter letter) {
            this.letter = letter;
        }

        private Delivery run() throws IOException {
            var verdict = new SmtpVerdict(MailServer.this.toString(), login.map(Login::password).stream().toList());
            Session session = Session.getInstance(properties());
            try (Transport transport = session.getTransport("smtp")) {
                MimeMessage message = message(session);
                if (login.isPresent()) {
                    transport.connect(host, port, login.get().username(), login.get().password().reveal());
                } else {
                    transport.connect(host, port, null, null);
                }
                transport.sendMessage(message, message.getAllRecipients());
                return new Delivery.Delivered();
            } catch (MessagingException e) {
                return verdict.of(e, begun);
            }
        }

        private MimeMessage message(Session session) throws MessagingException {
            var message = new MimeMessage(session) {
                @Override
                protected void updateMessageID() throws MessagingException {
                    setHeader("Message-ID", letter.id());
                }

                @Override
                public void writeTo(OutputStream out, String[] ignored) throws IOException, MessagingException {
                    begun = true;
                    super.writeTo(out, ignored);
                }
            };
            message.setFrom(letter.from());
            message.setRecipients(Message.RecipientType.TO, letter.to().toArray(InternetAddress[]::new));
            message.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
            message.setSentDate(Date.from(letter.date()));
            message.setHeader("References", letter.thread());
            message.setHeader("In-Reply-To", letter.thread());
            message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no holiday replies
            if (letter.urgent()) {
                message.setHeader("Importance", "high");
                message.setHeader("X-Priority", "1");
            }
            var body = new MimeMultipart("alternative");
            body.addBodyPart(part(letter.text(), "plain"));
            body.addBodyPart(part(letter.html(), "html")); // readers show the last that they can
            message.setContent(body);
            message.saveChanges();
            return message;
        }

        private static MimeBodyPart part(String text, String subtype) throws MessagingException {
            var part = new MimeBodyPart();
            part.setText(text, StandardCharsets.UTF_8.name(), subtype);
            // lines of any length, and nothing that a relay would change
            part.setHeader("Content-Transfer-Encoding", "quoted-printable");
            return part;
        }
    }

    private Properties properties() {
        var properties = new Properties();
        String millis = Long.toString(timeout.toMillis());
        properties.put("mail.smtp.connectiontimeout", millis);
        properties.put("mail.smtp.timeout", millis);
        properties.put("mail.smtp.ssl.enable", Boolean.toString(security == Security.TLS));
        properties.put("mail.smtp.starttls.enable", Boolean.toString(security == Security.STARTTLS));
        properties.put("mail.smtp.starttls.required", Boolean.toString(security == Security.STARTTLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.auth", Boolean.toString(login.isPresent()));
        properties.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        properties.put("mail.smtp.sendpartial", "true"); // one mistyped address must not keep the mail from the others
        properties.put("mail.smtp.quitwait", "false");
        trust.ifPresent(manager -> properties.put("mail.smtp.ssl.socketFactory", factory(manager)));
        return properties;
    }

    private static Object factory(X509TrustManager manager) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, new SecureRandom());
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    /** {@code smtp.example.com:587}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
