package dev.gatewatch.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Style sheets, scripts and the icon: a fixed list, read once, served from memory. Their addresses carry {@link #version}, so that
 * browsers may keep them for ever. Immutable.
 */
final class Assets {
    private static final String OURS = "/dev/gatewatch/web/assets/";
    private static final String UPLOT = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private final Map<String, Asset> byName = new LinkedHashMap<>();
    private final String version;

    private static final class Asset {
        private final byte[] bytes;
        private final String type;

        Asset(byte[] bytes, String type) {
            this.bytes = bytes;
            this.type = type;
        }
    }

    Assets() {
        String uplot = "/META-INF/resources/webjars/uplot/" + uplotVersion() + "/dist/";
        add("gatewatch.css", OURS + "gatewatch.css", "text/css; charset=utf-8");
        add("live.js", OURS + "live.js", "text/javascript; charset=utf-8");
        add("chart.js", OURS + "chart.js", "text/javascript; charset=utf-8");
        add("icon.svg", OURS + "icon.svg", "image/svg+xml");
        add("uplot.css", uplot + "uPlot.min.css", "text/css; charset=utf-8");
        add("uplot.js", uplot + "uPlot.iife.min.js", "text/javascript; charset=utf-8");
        version = hash();
    }

    /** Changes whenever one of the files does. */
    String version() {
        return version;
    }

    void register(RoutesConfig routes) {
        byName.forEach((name, asset) -> routes.get("/assets/" + name, ctx -> serve(ctx, asset)));
    }

    private void serve(Context ctx, Asset asset) {
        boolean lasting = version.equals(ctx.queryParam("v"));
        ctx.header("Cache-Control", lasting ? "private, max-age=31536000, immutable" : "no-cache");
        ctx.contentType(asset.type).result(asset.bytes);
    }

    private void add(String name, String resource, String type) {
        byName.put(name, new Asset(read(resource), type));
    }

    private String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byName.values().forEach(a -> digest.update(a.bytes));
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String uplotVersion() {
        var properties = new Properties();
        try (InputStream in = open(UPLOT)) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(UPLOT + " cannot be read", e);
        }
        return properties.getProperty("version");
    }

    private static byte[] read(String resource) {
        try (InputStream in = open(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(resource + " cannot be read", e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = Assets.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException(resource + " is not on the class path");
        }
        return in;
    }
}
