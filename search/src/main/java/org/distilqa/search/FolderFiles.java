package org.distilqa.search;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distilqa.text.Document;
import org.distilqa.text.DocumentException;

/**
 * The files below a folder, and their documents. Links are followed. What is hidden, its name beginning with a point, is left out, and
 * so is what holds the index.
 */
final class FolderFiles {
    private final Path folder;
    private final Optional<Path> index;
    private final AnyFormatReader reader;
    private final long longestFile;

    /** Of the reader: with another encoding, a file that is as it was would be read otherwise. */
    private final String settings;

    /** The state of each file by its path, in the order of the paths: its time and size, and the reader's settings. */
    private final Map<Path, String> states = new TreeMap<>();

    /** What could not be looked into. */
    private final List<String> failures;

    FolderFiles(Path folder, Optional<Path> index, AnyFormatReader reader, long longestFile, List<String> failures) {
        this.folder = folder;
        this.index = index;
        this.reader = reader;
        this.settings = reader.settings();
        this.longestFile = longestFile;
        this.failures = failures;
        if (!Files.isDirectory(folder)) {
            throw new IndexException(
                    folder + ": " + (Files.exists(folder) ? "is a file, not a folder" : "there is no such folder"));
        }
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Visitor());
        } catch (IOException e) {
            throw new IndexException(folder + ": cannot be looked into: " + e, e);
        }
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean leftOut = !directory.equals(folder)
                    && (isHidden(directory) || index.filter(directory::equals).isPresent());
            return leftOut ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !isHidden(file)) {
                states.put(file, (attributes.lastModifiedTime() + " " + attributes.size() + " " + settings).strip());
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            // A link to a folder above leads to what is read anyway.
            if (!isHidden(file) && !(failure instanceof FileSystemLoopException)) {
                failures.add(file + ": cannot be read: " + failure);
            }
            return FileVisitResult.CONTINUE;
        }
    }

    private static boolean isHidden(Path path) {
        return path.getFileName() != null && path.getFileName().toString().startsWith(".");
    }

    Map<Path, String> states() {
        return states;
    }

    /**
     * Reads a file: as text, Markdown or HTML if it is that, else with Tika.
     *
     * @throws DocumentException if it is no text, or cannot be read
     * @throws IndexException if it is too large, encrypted, broken or without text
     */
    Document read(Path file) {
        try {
            long size = Files.size(file);
            if (size > longestFile) {
                throw new IndexException(file + ": has " + size + " bytes; the limit is " + longestFile
                        + " (DocumentAnswerer.Builder.longestFile)");
            }
            return reader.read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IndexException(file + ": cannot be read: " + e, e);
        }
    }
}
