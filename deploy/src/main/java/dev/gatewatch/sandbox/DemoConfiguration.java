package dev.gatewatch.sandbox;

import dev.gatewatch.config.HostPort;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** The configuration with which Gatewatch watches the sandbox: the template {@code demo.yaml} with this start's ports filled in. */
final class DemoConfiguration {
    private DemoConfiguration() {}

    /** Ports of the sandbox's servers. */
    record Ports(int eu, int us, int ap, int localDns, int publicDns, int revocation, int admin, int ledgerOne, int ledgerTwo) {}

    static String text(HostPort listen, Path data, Path trust, Ports ports, SigningService signing, URI control) {
        return Html.fill(
                Html.resource("demo.yaml"),
                Map.ofEntries(
                        Map.entry("listen", quoted(listen.toString())),
                        Map.entry("page", quoted("http://" + listen)),
                        Map.entry("store", quoted("sqlite:" + data.resolve("gatewatch.db"))),
                        Map.entry("trust", quoted(trust.toString())),
                        Map.entry("eu", Integer.toString(ports.eu())),
                        Map.entry("us", Integer.toString(ports.us())),
                        Map.entry("ap", Integer.toString(ports.ap())),
                        Map.entry("localDns", Integer.toString(ports.localDns())),
                        Map.entry("publicDns", Integer.toString(ports.publicDns())),
                        Map.entry("revocation", Integer.toString(ports.revocation())),
                        Map.entry("admin", Integer.toString(ports.admin())),
                        Map.entry("ledgerOne", Integer.toString(ports.ledgerOne())),
                        Map.entry("ledgerTwo", Integer.toString(ports.ledgerTwo())),
                        Map.entry("signingKey", quoted(signing.key().toString())),
                        Map.entry("signingStore", quoted(signing.keystore().toString())),
                        Map.entry("storePassword", SigningService.PASSWORD),
                        Map.entry("cashierKey", Backoffice.CASHIER_KEY),
                        Map.entry("managerKey", Backoffice.MANAGER_KEY),
                        Map.entry("name", Zone.GATEWAY),
                        Map.entry("apiKey", Payments.API_KEY),
                        Map.entry("clientId", TokenEndpoint.CLIENT_ID),
                        Map.entry("clientSecret", TokenEndpoint.CLIENT_SECRET),
                        Map.entry("inbox", control.resolve("/inbox/slack").toString())));
    }

    /** A double-quoted YAML string, whatever is in it. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append("\\x%02x".formatted(c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
