package dev.gatewatch.sandbox;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/** A port that takes connections and says nothing worth hearing, open or closed as the world wants it. Safe for many threads. */
final class SidePort implements AutoCloseable {
    private final HttpListener listener;
    private final BooleanSupplier open;

    /** Listens on a free port of loopback, or holds it closed. */
    SidePort(String name, World world, BooleanSupplier open) throws IOException {
        this.open = open;
        this.listener = new HttpListener(
                name,
                new InetSocketAddress(Loopback.ADDRESS, 0),
                socket -> socket,
                (_, _) -> Response.text(200, name + "\n"));
        world.onChange(this::obey);
        obey();
    }

    private void obey() throws IOException {
        if (open.getAsBoolean()) {
            listener.up();
        } else {
            listener.down();
        }
    }

    int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.close();
    }
}
