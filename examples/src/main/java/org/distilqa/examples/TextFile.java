package org.distilqa.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that were named on the command line, with messages for the person who named them. */
final class TextFile {
    private TextFile() {}

    /** The text of a file in UTF-8; the name {@code -} stands for standard input. */
    static String read(String name) {
        try {
            byte[] bytes = name.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FileException(name + ": is not text in UTF-8", e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** Opens a file; the caller closes it. */
    static InputStream open(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new FileException(file + ": is a directory");
            }
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    static FileException unreadable(String name, IOException e) {
        String reason = e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException ? "it may not be read" : "cannot be read: " + e.getMessage();
        return new FileException(name + ": " + reason, e);
    }
}
