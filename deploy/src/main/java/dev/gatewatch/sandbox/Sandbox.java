package dev.gatewatch.sandbox;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.sandbox.Effect.Down;
import dev.gatewatch.sandbox.Effect.Switch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A running payment sandbox: gateway, certificate authority, name servers, inbox and the control server. All of it listens on
 * loopback only. Safe for many threads.
 */
public final class Sandbox implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final World world = new World();
    private final Authority authority = new Authority(Clock.systemUTC());
    private final Map<Region, HttpListener> gateways = new EnumMap<>(Region.class);
    private final Revocation revocation;
    private final SigningService signing;
    private final SidePort admin;
    private final List<SidePort> ledgers = new ArrayList<>();
    private final DnsServer localDns;
    private final DnsServer publicDns;
    private final Control control;
    private final HttpListener controlListener;
    private final HostPort controlAddress;
    private final String configuration;

    /**
     * Starts a sandbox and returns when everything in it answers.
     *
     * @throws IOException in words for a person: a port in use, a folder that cannot be written, a control address that is not loopback
     */
    public static Sandbox start(SandboxSettings settings) throws IOException {
        return new Sandbox(settings);
    }

    private Sandbox(SandboxSettings settings) throws IOException {
        InetAddress host = loopback(settings.control().host());
        Path data = settings.data().toAbsolutePath().normalize();
        Path trust = data.resolve("sandbox-ca.pem");
        try {
            try {
                Files.createDirectories(data);
                authority.writeRoot(trust);
            } catch (IOException e) {
                throw new IOException("cannot write to the data folder " + data + ": " + reason(e), e);
            }

            var tls = new TlsPort(world, authority);
            revocation = opened(new Revocation(world, authority, Clock.systemUTC()));
            signing = new SigningService(world, authority, data);
            Callbacks callbacks = opened(new Callbacks());
            Tokens tokens = new Tokens(Clock.systemUTC());
            var backoffice = new Backoffice(world);
            var operations = new Operations(world, Clock.systemUTC(), this::instances, () -> ledgerPort(0));
            Payments payments = new Payments(world, tokens, new Orders(Clock.systemUTC()), callbacks);
            for (Region region : Region.values()) {
                Gateway gateway = new Gateway(
                        region, world, new TokenEndpoint(tokens, world), payments, backoffice, operations);
                gateways.put(
                        region,
                        opened(new HttpListener(
                                "sandbox-" + region.code(), new InetSocketAddress(Loopback.ADDRESS, 0), tls, gateway)));
            }
            world.onChange(this::openAndClosePorts);

            admin = opened(new SidePort("admin", world, () -> world.on(Switch.ADMIN_PORT_OPEN)));
            ledgers.add(opened(new SidePort("ledger-1", world, () -> true)));
            ledgers.add(opened(new SidePort("ledger-2", world, () -> !world.on(Switch.INSTANCE_DEAD))));

            Zone zone = new Zone(world);
            localDns = opened(DnsServer.start("sandbox-dns-local", query -> zone.answer(query, Zone.View.LOCAL)));
            publicDns = opened(DnsServer.start("sandbox-dns-public", query -> zone.answer(query, Zone.View.PUBLIC)));

            control = new Control(world, new Inbox(Clock.systemUTC()));
            controlListener = opened(listen(settings.control(), host));
            controlAddress = new HostPort(settings.control().host(), controlListener.port());
            if (settings.gatewatch().port() != 0) {
                control.gatewatchAt(URI.create("http://" + settings.gatewatch() + "/"));
            }
            configuration = DemoConfiguration.text(
                    settings.gatewatch(),
                    data,
                    trust,
                    new DemoConfiguration.Ports(
                            port(Region.EU),
                            port(Region.US),
                            port(Region.AP),
                            localDns.port(),
                            publicDns.port(),
                            revocation.port(),
                            admin.port(),
                            ledgerPort(0),
                            ledgerPort(1)),
                    signing,
                    control());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static InetAddress loopback(String host) throws IOException {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isLoopbackAddress()) {
                return address;
            }
        } catch (UnknownHostException e) {
            throw new IOException("the sandbox's host '" + host + "' is not known", e);
        }
        throw new IOException("the sandbox is for this machine only: it listens on 127.0.0.1, [::1] or localhost, not on " + host);
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : e.toString();
    }

    private HttpListener listen(HostPort asked, InetAddress host) throws IOException {
        try {
            return new HttpListener("sandbox-control", new InetSocketAddress(host, asked.port()), socket -> socket, control);
        } catch (IOException e) {
            throw new IOException("the sandbox cannot listen on " + asked + ": " + e.getMessage(), e);
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    private void openAndClosePorts() throws IOException {
        for (Map.Entry<Region, HttpListener> gateway : gateways.entrySet()) {
            if (world.felt(Down.class, gateway.getKey())) {
                gateway.getValue().down();
            } else {
                gateway.getValue().up();
            }
        }
    }

    /** The address of the page with the switches, and the base of the control API. */
    public URI control() {
        return URI.create("http://" + controlAddress + "/");
    }

    /** The configuration, as YAML, with which Gatewatch watches this sandbox. */
    public String configuration() {
        return configuration;
    }

    /** How long the way to the bank takes for exchange rates, by region; what a run costs beside is not in it. */
    public Map<String, Duration> rates() {
        return Arrays.stream(Region.values()).collect(Collectors.toMap(Region::code, Rates::distance));
    }

    /** Tells where Gatewatch's page is, for a link; needed only where the settings could not know, with a port of 0. */
    public void gatewatchAt(URI page) {
        control.gatewatchAt(page);
    }

    /** Switches a fault; returns when it is in force. */
    void turn(Fault fault, boolean on) throws IOException {
        world.turn(fault, on);
    }

    int port(Region region) {
        HttpListener listener = gateways.get(region);
        if (listener == null) {
            throw new IllegalStateException("no gateway in " + region);
        }
        return listener.port();
    }

    private List<Integer> instances() {
        return List.of(port(Region.EU), port(Region.AP));
    }

    int ledgerPort(int index) {
        return ledgers.get(index).port();
    }

    int adminPort() {
        return admin.port();
    }

    int dnsPort(Zone.View view) {
        return switch (view) {
            case LOCAL -> localDns.port();
            case PUBLIC -> publicDns.port();
        };
    }

    Authority authority() {
        return authority;
    }

    /** Connections that are open to any of its HTTP servers. */
    int connections() {
        return controlListener.connections()
                + gateways.values().stream().mapToInt(HttpListener::connections).sum();
    }

    /** Closes all ports and connections. Its files stay. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            HttpConnection.closeQuietly(parts.pop());
        }
    }
}
