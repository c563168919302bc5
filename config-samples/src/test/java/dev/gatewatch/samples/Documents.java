package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Documents that are generated from the code: compared with it by every build, rewritten with {@code -Dupdate.docs=true}. */
final class Documents {
    static final boolean UPDATE = Boolean.getBoolean("update.docs");

    private static final Path FOLDER = Path.of("..", "docs");

    private Documents() {}

    /** Holds a whole file to the text. */
    static void hold(String name, String text) throws IOException {
        Path file = FOLDER.resolve(name);
        if (UPDATE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).as("generated; -Dupdate.docs=true rewrites it").hasContent(text);
    }

    /** Holds the part between {@code <!-- name: generated -->} and {@code <!-- name: end -->} to the text. */
    static void holdPart(String name, String part, String text) throws IOException {
        Path file = FOLDER.resolve(name);
        String whole = Files.readString(file);
        String begin = "<!-- " + part + ": generated -->\n";
        String end = "<!-- " + part + ": end -->";
        assertThat(whole).contains(begin, end);
        int from = whole.indexOf(begin) + begin.length();
        int to = whole.indexOf(end);
        if (UPDATE) {
            Files.writeString(file, whole.substring(0, from) + text + whole.substring(to));
            return;
        }
        assertThat(whole.substring(from, to))
                .as("%s, part %s; -Dupdate.docs=true rewrites it", name, part)
                .isEqualTo(text);
    }

    static Path folder() {
        return FOLDER;
    }
}
