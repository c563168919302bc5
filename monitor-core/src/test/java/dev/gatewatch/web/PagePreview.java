package dev.gatewatch.web;

import dev.gatewatch.config.HostPort;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Starts the page with a made-up incident, for people who work on its looks: {@code PagePreview [port] [calm]}. */
final class PagePreview {
    private PagePreview() {}

    public static void main(String[] args) throws InterruptedException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 9780;
        // stands still, so that the incident does not grow old while someone looks at it
        Clock clock = Clock.fixed(Instant.now(), ZoneOffset.UTC);
        Sources sources = args.length > 1 ? SampleWorld.calm(clock) : SampleWorld.incident(clock);
        var settings = new ServerSettings(new HostPort("127.0.0.1", port), Optional.empty(), List.of());
        try (WebServer server = WebServer.start(settings, sources)) {
            System.out.println("http://127.0.0.1:" + server.port());
            Thread.currentThread().join();
        }
    }
}
