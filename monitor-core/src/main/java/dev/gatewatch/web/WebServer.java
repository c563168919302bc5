package dev.gatewatch.web;

import dev.gatewatch.web.page.Templates;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.compression.Gzip;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running HTTP server: page, API, metrics, health. Each request has a virtual thread; a handful of platform threads move bytes.
 * Safe for many threads.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebServer.class);

    private static final int LARGEST_HEADERS = 8 * 1024;
    private static final int IDLE_MILLIS = 30_000;
    private static final int STOP_MILLIS = 2_000;
    private static final int BACKLOG = 128;

    /** Speed matters more than the last percent: a scrape of a thousand probes is compressed every few seconds. */
    private static final int GZIP_LEVEL = 3;

    private final Javalin javalin;

    private WebServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Starts serving.
     *
     * @throws WebServerException where the address cannot be listened on
     */
    public static WebServer start(ServerSettings settings, Sources sources) {
        var guard = new Guard(settings, new Doorkeeper(settings.identities(), new FailureLimiter(sources.clock())));
        var assets = new Assets();
        var pages = new Pages(sources, new Templates(), assets);
        Javalin javalin = Javalin.create(config -> {
            tune(config, settings);
            config.routes.before(guard::check);
            new Api(sources).register(config.routes);
            new DeskApi(sources).register(config.routes);
            new DeskForms(sources).register(config.routes);
            new ChangeApi(sources).register(config.routes);
            pages.register(config.routes);
            new SilencePages(sources, pages).register(config.routes);
            assets.register(config.routes);
            problems(config, pages);
        });
        try {
            javalin.start();
        } catch (RuntimeException e) {
            javalin.stop();
            throw new WebServerException("cannot listen on " + settings.listen() + ": " + why(e), e);
        }
        return new WebServer(javalin);
    }

    /** The port that is listened on, also where any free one was asked for. */
    public int port() {
        return javalin.port();
    }

    /** Stops listening and gives requests that go on a moment to end. */
    @Override
    public void close() {
        javalin.stop();
    }

    private static void tune(JavalinConfig config, ServerSettings settings) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = Guard.LARGEST_INBOUND;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = new CompressionStrategy(null, new Gzip(GZIP_LEVEL));
        config.router.ignoreTrailingSlashes = true;
        var pool = new QueuedThreadPool(8, 2, IDLE_MILLIS);
        pool.setName("web");
        pool.setVirtualThreadsExecutor(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("web-", 0).factory()));
        config.jetty.threadPool = pool;
        config.jetty.modifyServer(server -> server.setStopTimeout(STOP_MILLIS));
        config.jetty.addConnector((server, http) -> connector(server, http, settings));
    }

    private static Connector connector(Server server, HttpConfiguration http, ServerSettings settings) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(LARGEST_HEADERS);
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(settings.listen().host());
        connector.setPort(settings.listen().port());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptQueueSize(BACKLOG);
        return connector;
    }

    /** Every answer that is not what was asked for says why, as JSON to programs and as a page to people. */
    private static void problems(JavalinConfig config, Pages pages) {
        config.routes.exception(Refusal.class, (refusal, ctx) -> {
            refusal.headers().forEach(ctx::header);
            problem(ctx, pages, refusal.status(), refusal.words());
        });
        config.routes.exception(HttpResponseException.class, (e, ctx) -> problem(ctx, pages, e.getStatus(), words(e, ctx)));
        config.routes.exception(Exception.class, (e, ctx) -> {
            log.error("request {} {} failed", ctx.method(), ctx.path(), e);
            problem(ctx, pages, 500, "this went wrong on our side; the daemon's log says more");
        });
    }

    private static void problem(Context ctx, Pages pages, int status, String words) {
        String path = ctx.path();
        if (path.startsWith(Api.PREFIX)) {
            Api.json(ctx, status, ApiJson.error(status, words));
        } else if (path.startsWith("/-/") || path.equals("/metrics") || path.equals(Api.PROBE) || path.startsWith("/assets/") || status == 401) {
            ctx.status(status).contentType("text/plain; charset=utf-8").result(words + "\n");
        } else {
            pages.problem(ctx, status, words);
        }
    }

    private static String words(HttpResponseException e, Context ctx) {
        return switch (e.getStatus()) {
            case 404 -> "there is nothing at this address";
            case 405 -> ctx.req().getMethod() + " is not possible here";
            case 413 -> "the request is too large";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String why(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
                return "this machine knows no such host; write an address of its own, 127.0.0.1 or 0.0.0.0";
            }
            if (t instanceof BindException && message.contains("Address already in use")) {
                return "the port is taken, perhaps by another gatewatch; stop that one, or set server.listen to another port";
            }
            if (t instanceof BindException && message.contains("Permission denied")) {
                return "ports below 1024 need a permission that this process does not have; set server.listen to a higher port";
            }
            if (t instanceof BindException && message.contains("Cannot assign")) {
                return "this machine does not have that address; write one of its own, 127.0.0.1 or 0.0.0.0";
            }
        }
        return String.valueOf(e.getMessage());
    }
}
