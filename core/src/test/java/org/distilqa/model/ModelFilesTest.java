package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
    @TempDir
    private Path directory;

    @Test
    void readsTheFilesOfADirectory() throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), "[PAD]");
        ModelFiles files = ModelFiles.of(directory);
        assertThat(files.has("vocab.txt")).isTrue();
        assertThat(files.has("tokenizer.json")).isFalse();
        assertThat(files.read("vocab.txt", 5)).asString().isEqualTo("[PAD]");
        assertThat(files.location()).isEqualTo(directory.toString());
        assertThat(files.location("vocab.txt"))
                .isEqualTo(directory.resolve("vocab.txt").toString());
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> ModelFiles.of(directory).read("vocab.txt", 5))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory.resolve("vocab.txt") + ": there is no such file");
    }

    @Test
    void readsNoMoreOfAFileThanASoundOneHas() throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), "[PAD]\n");
        assertThatThrownBy(() -> ModelFiles.of(directory).read("vocab.txt", 5))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve("vocab.txt") + ": has more than 5 bytes");
    }

    @Test
    void saysWhichFileCannotBeRead() throws IOException {
        Files.createDirectory(directory.resolve("vocab.txt"));
        assertThatThrownBy(() -> ModelFiles.of(directory).read("vocab.txt", 5))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve("vocab.txt") + ": cannot be read: ");
    }
}
