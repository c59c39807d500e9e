package org.distilqa.model;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.distilqa.content.DiskContent;
import org.distilqa.content.FileContent;
import org.distilqa.content.MemoryContent;

/** The files of a directory. */
final class DirectoryFiles extends ModelFiles {
    private final Path directory;

    DirectoryFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public String location() {
        return directory.toString();
    }

    @Override
    public String location(String file) {
        return directory.resolve(file).toString();
    }

    @Override
    public boolean has(String file) {
        return Files.exists(directory.resolve(file));
    }

    @Override
    InputStream stream(String file) throws IOException {
        Path path = directory.resolve(file);
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        // Not through a channel, which an interrupt would close.
        return DiskContent.isPossible(path) ? new FileInputStream(path.toFile()) : Files.newInputStream(path);
    }

    @Override
    FileContent content(String file) throws IOException {
        Path path = directory.resolve(file);
        if (DiskContent.isPossible(path)) {
            return DiskContent.of(path);
        }
        try (InputStream in = stream(file)) {
            return MemoryContent.of(in, Math.toIntExact(Files.size(path)));
        } catch (ArithmeticException e) {
            throw new IOException(
                    "it has more than 2^31 - 1 bytes, and is on no file system of the operating system", e);
        }
    }

    @Override
    public String toString() {
        return location();
    }
}
