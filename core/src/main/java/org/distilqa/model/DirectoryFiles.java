package org.distilqa.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

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
        return Files.newInputStream(directory.resolve(file));
    }

    @Override
    FileContent content(String file) throws IOException {
        return ChannelContent.of(directory.resolve(file));
    }

    @Override
    public String toString() {
        return location();
    }
}
