package dev.gatewatch.config;

/**
 * Where in a configuration something stands. Lines and columns count from 1; 0 means "the file as a whole".
 *
 * @param file the file's name as the user gave it
 */
public record Place(String file, int line, int column) {
    /** The file as a whole. */
    public static Place file(String file) {
        return new Place(file, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
