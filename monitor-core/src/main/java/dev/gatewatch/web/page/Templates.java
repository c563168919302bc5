package dev.gatewatch.web.page;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** Fills the templates. Everything they print is escaped, unless a template says {@code raw}. Safe for many threads. */
public final class Templates {
    private final PebbleEngine engine;

    public Templates() {
        var loader = new ClasspathLoader(Templates.class.getClassLoader());
        loader.setPrefix("dev/gatewatch/web/page");
        loader.setSuffix(".peb");
        engine = new PebbleEngine.Builder()
                .loader(loader)
                .autoEscaping(true)
                .strictVariables(true)
                .defaultLocale(Locale.ROOT)
                .build();
    }

    /**
     * A page as HTML.
     *
     * @param name the template's file name without its ending
     */
    public String render(String name, Shell shell, Object model) {
        var out = new StringWriter(32_768);
        try {
            engine.getTemplate(name).evaluate(out, Map.of("shell", shell, "page", model));
        } catch (IOException e) {
            throw new UncheckedIOException("template " + name + " cannot be read", e);
        }
        return out.toString();
    }
}
