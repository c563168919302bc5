package dev.gatewatch.alerting.channel.email;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.config.Secret;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.util.MailConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What it means that a mail could not be sent (RFC 5321, section 4.2.1): replies of 400 and more are about the moment; those of 500 and
 * more about the mail once its text was there, and before that about who sends, who receives and whether we may: a person's matter.
 *
 * @param server for people
 * @param secrets masked in whatever is told
 */
record SmtpVerdict(String server, List<Secret> secrets) {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpVerdict.class);

    /** At the beginning of what a server said, or behind the library's own words. */
    private static final Pattern REPLY = Pattern.compile("(?:^|response: |;\\s*)([245]\\d\\d)\\b");

    private static final int LONGEST = 300;

    SmtpVerdict {
        secrets = List.copyOf(secrets);
    }

    /**
     * The verdict.
     *
     * @param begun whether the server was given some of the mail
     */
    Delivery of(MessagingException e, boolean begun) {
        return switch (e) {
            case AuthenticationFailedException login ->
                isTemporary(reply(login)) ? retry(login, false) : new Delivery.Broken(said("the login was refused", login));
            case SMTPSenderFailedException sender ->
                isTemporary(sender.getReturnCode()) ? retry(sender, false) : new Delivery.Broken(said("the sender was refused", sender));
            case SendFailedException failed -> failed(failed, begun);
            case MailConnectException connect -> retry(connect, false);
            default -> other(e, begun);
        };
    }

    private Delivery failed(SendFailedException e, boolean begun) {
        List<SMTPAddressFailedException> addresses = refusedAddresses(e);
        if (addresses.isEmpty()) {
            int code = e instanceof SMTPSendFailedException sending ? sending.getReturnCode() : -1;
            // without a code the connection was lost
            return isPermanent(code) ? permanent(e, code) : retry(e, begun && !isTemporary(code));
        }
        boolean someSent = e.getValidSentAddresses() != null && e.getValidSentAddresses().length > 0;
        Optional<SMTPAddressFailedException> temporary =
                addresses.stream().filter(address -> isTemporary(address.getReturnCode())).findFirst();
        if (temporary.isPresent()) {
            // those who have it get it twice, with a word about it: better than one who never gets it
            return retry(temporary.get(), someSent);
        }
        String refused = said("a recipient was refused", addresses.getFirst());
        if (someSent) {
            LOG.warn("A mail reached only some of its recipients. {}", refused);
            return new Delivery.Delivered();
        }
        return new Delivery.Broken(refused);
    }

    private Delivery permanent(SendFailedException e, int code) {
        String command = e instanceof SMTPSendFailedException sending ? String.valueOf(sending.getCommand()) : "";
        boolean aboutTheMail = code == 552 || code == 554 || !(command.startsWith("MAIL") || code == 530 || code == 535);
        return aboutTheMail ? new Delivery.Refused(said("the mail was refused", e)) : new Delivery.Broken(said("the sender was refused", e));
    }

    private Delivery other(MessagingException e, boolean begun) {
        String text = text(e);
        if (text.contains("STARTTLS is required")) {
            return new Delivery.Broken(server + ": it offers no STARTTLS, and nothing is sent unprotected (or is security: tls meant?)");
        }
        return isPermanent(reply(e)) && !begun ? new Delivery.Broken(said("the connection was refused", e)) : retry(e, begun);
    }

    private Delivery retry(MessagingException e, boolean mayHaveArrived) {
        return new Delivery.Retry(said("not now", e), Optional.empty(), mayHaveArrived);
    }

    private String said(String what, MessagingException e) {
        String text = text(e);
        for (Secret secret : secrets) {
            text = secret.maskedIn(text);
        }
        return server + ": " + what + ": " + Cut.chars(Cut.oneLine(text), LONGEST);
    }

    /** With the cause beneath, which tells what was wrong with a connection. */
    private static String text(MessagingException e) {
        @Nullable String own = e.getMessage();
        @Nullable Throwable cause = e.getCause();
        String text = own == null ? e.getClass().getSimpleName() : own;
        @Nullable String beneath = cause == null || cause instanceof MessagingException ? null : cause.getMessage();
        return beneath == null || text.contains(beneath) ? text : text + ": " + beneath;
    }

    private static List<SMTPAddressFailedException> refusedAddresses(MessagingException e) {
        var found = new ArrayList<SMTPAddressFailedException>();
        @Nullable Exception next = e;
        for (int depth = 0; next != null && depth < 1_000; depth++) {
            if (next instanceof SMTPAddressFailedException address) {
                found.add(address);
            }
            next = next instanceof MessagingException more ? more.getNextException() : null;
        }
        return found;
    }

    private static int reply(MessagingException e) {
        Matcher code = REPLY.matcher(text(e).strip());
        return code.find() ? Integer.parseInt(code.group(1)) : -1;
    }

    private static boolean isTemporary(int code) {
        return code >= 400 && code < 500;
    }

    private static boolean isPermanent(int code) {
        return code >= 500 && code < 600;
    }
}
