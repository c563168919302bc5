package dev.gatewatch.alerting.channel.email;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code email} channel's type. */
public final class EmailType implements ChannelType {
    private static final Key<String> HOST =
            Key.required("host", Types.text("a host name or an address", "[A-Za-z0-9.:_-]{1,253}"), "The SMTP server.");

    private static final Key<MailServer.Security> SECURITY = Key.withDefault(
            "security",
            Types.oneOf(MailServer.Security.class),
            MailServer.Security.STARTTLS,
            "starttls",
            "`starttls` (required, never skipped), `tls` (from the first byte) or `none`. Certificates are always checked.");

    private static final Key<Integer> PORT = Key.optional(
            "port", Types.integer(1, 65_535), "The server's port; without it 587 for starttls, 465 for tls, 25 for none.");

    private static final Key<String> USERNAME = Key.optional("username", Types.text(), "Whom to log in as; goes with password.");
    private static final Key<Secret> PASSWORD = Key.optional("password", Types.secret(), "The password to log in with.");

    private static final Key<InternetAddress> FROM =
            Key.required("from", address(), "The sender, such as `alerts@example.com` or `Gatewatch <alerts@example.com>`.");

    private static final Key<List<InternetAddress>> TO = Key.required("to", Types.oneOrMore(address()), "Who gets the mail.");

    private static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Types.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
            Duration.ofSeconds(30),
            "30s",
            "How long one mail may take in all.");

    private static ValueType<InternetAddress> address() {
        return Types.scalar("a mail address", Map.of("type", "string"), text -> {
            try {
                InternetAddress[] addresses = InternetAddress.parse(text, true);
                if (addresses.length != 1 || addresses[0].isGroup()) {
                    return Optional.empty();
                }
                addresses[0].validate();
                return addresses[0].getAddress().indexOf('@') > 0 ? Optional.of(addresses[0]) : Optional.empty();
            } catch (AddressException _) {
                return Optional.empty();
            }
        });
    }

    @Override
    public String name() {
        return "email";
    }

    @Override
    public String description() {
        return "Sends mail through an SMTP server, as text and HTML; the mails of one group of alerts make one thread.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(HOST, PORT, SECURITY, USERNAME, PASSWORD, FROM, TO, TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        MailServer.Security security = section.get(SECURITY);
        if (section.has(USERNAME) != section.has(PASSWORD)) {
            section.problem(section.has(USERNAME) ? USERNAME : PASSWORD, "username and password go together");
        } else if (section.has(PASSWORD) && security == MailServer.Security.NONE) {
            section.problem(SECURITY, "the password would be sent in clear: use starttls or tls");
        }
        var server = new MailServer(
                section.get(HOST),
                section.find(PORT).orElse(security.port()),
                security,
                section.find(USERNAME).flatMap(name -> section.find(PASSWORD).map(password -> new MailServer.Login(name, password))),
                section.get(TIMEOUT),
                section.find(HttpKeys.TLS).flatMap(HttpKeys.TlsSettings::trust));
        return new EmailChannel(server, new Letters(section.get(FROM), section.get(TO), setup), Clock.systemUTC());
    }
}
