package org.distilqa.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.distilqa.InvalidModelException;
import org.distilqa.content.FileContent;

/**
 * The files of a model, in the layout of Hugging Face, wherever they are: in a directory, or among the resources of the class
 * path. Immutable, and safe for use by many threads.
 */
public abstract sealed class ModelFiles permits DirectoryFiles, ResourceFiles {
    ModelFiles() {}

    /**
     * The files of a directory.
     *
     * @param directory the directory, which need not be there yet
     * @return its files
     */
    public static ModelFiles of(Path directory) {
        return new DirectoryFiles(directory);
    }

    /**
     * Where the files are, for messages.
     *
     * @return for example the path of a directory
     */
    public abstract String location();

    /**
     * Where a file is, or would be, for messages.
     *
     * @param file the file's name, such as {@code vocab.txt}
     * @return for example the path of the file
     */
    public abstract String location(String file);

    /**
     * Whether there is a file of this name.
     *
     * @param file the file's name, such as {@code vocab.txt}
     * @return whether it can be read, as far as is known without reading it
     */
    public abstract boolean has(String file);

    /**
     * Reads a file whole.
     *
     * @param file the file's name, such as {@code vocab.txt}
     * @param maxBytes more than any sound file of this kind has, which keeps a wrong one from being read whole; less than 2^31
     *     - 1
     * @return its bytes
     * @throws InvalidModelException if it is missing, cannot be read or is larger, with its location and the reason
     */
    public final byte[] read(String file, int maxBytes) {
        try (InputStream in = stream(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new InvalidModelException(location(file) + ": has more than " + maxBytes
                        + " bytes; a sound file of this name is smaller");
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** What to throw where reading a file failed. */
    final InvalidModelException unreadable(String file, IOException e) {
        String reason = e instanceof NoSuchFileException ? "there is no such file" : "cannot be read: " + e;
        return new InvalidModelException(location(file) + ": " + reason, e);
    }

    /** A file from its beginning; {@link NoSuchFileException} where there is none. */
    abstract InputStream stream(String file) throws IOException;

    /** A file to be read here and there; {@link NoSuchFileException} where there is none. */
    abstract FileContent content(String file) throws IOException;
}
