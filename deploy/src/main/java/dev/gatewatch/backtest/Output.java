package dev.gatewatch.backtest;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is there as a whole or not at all: it is written beside its place and put there at the end. What is not {@linkplain #keep kept}
 * is gone when this closes.
 */
public final class Output implements AutoCloseable {
    private final Path file;
    private final Path part;
    private final Writer writer;

    private Output(Path file, Path part, Writer writer) {
        this.file = file;
        this.part = part;
        this.writer = writer;
    }

    /** @throws Unusable in a person's words, when nothing can be written there */
    public static Output to(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new Unusable("cannot write " + file + ": it is a folder");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            // also where the process is ended while it waits for its input
            part.toFile().deleteOnExit();
            return new Output(file, part, new BufferedWriter(Files.newBufferedWriter(part, StandardCharsets.UTF_8), 1 << 16));
        } catch (NoSuchFileException _) {
            throw new Unusable("cannot write " + file + ": there is no such folder");
        } catch (AccessDeniedException _) {
            throw new Unusable("cannot write " + file + ": no permission");
        }
    }

    public Writer writer() {
        return writer;
    }

    /** It is whole: puts it in its place. */
    public void keep() throws IOException {
        writer.close();
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        writer.close();
        Files.deleteIfExists(part);
    }
}
