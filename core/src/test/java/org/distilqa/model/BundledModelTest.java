package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.InvalidModelException;
import org.distilqa.QuestionAnswerer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelTest {
    @TempDir
    private Path classPath;

    private Path folder;
    private URLClassLoader loader;

    @BeforeEach
    void writeAModelOnAClassPath() throws IOException {
        folder = Files.createDirectories(classPath.resolve(BundledModel.FOLDER));
        CheckpointFiles.write(folder);
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n");
        loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, null);
    }

    @AfterEach
    void closeTheClassLoader() throws IOException {
        loader.close();
    }

    private Checkpoint open() {
        return Checkpoint.open(BundledModel.files(null, loader));
    }

    @Test
    void isACheckpointLikeAnyOther() throws IOException {
        Checkpoint checkpoint = open();
        assertThat(checkpoint.graph().vocabularySize()).isEqualTo(40);
        assertThat(checkpoint.files().read("vocab.txt", 100)).asString().isEqualTo("[PAD]\n");
        assertThat(checkpoint.files().has("tokenizer.json")).isFalse();
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("org/distilqa/models/bundled/model.safetensors");
    }

    /** The tests of core have no model on their class path. */
    @Test
    void namesTheDependencyThatIsMissing() {
        assertThatThrownBy(() -> QuestionAnswerer.builder()
                        .model(QuestionAnswerer.BUNDLED_MODEL)
                        .build())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("org.distilqa:distilqa-bundled-model");
    }

    @Test
    void leavesDirectoriesOfItsNameToThoseWhoWriteThemAsOne() throws IOException {
        Path directory = Files.createDirectories(classPath.resolve(QuestionAnswerer.BUNDLED_MODEL));
        CheckpointFiles.write(directory);
        assertThat(Checkpoint.load(directory.toString(), "main", HubOptions::fromEnvironment)
                        .files()
                        .location())
                .isEqualTo(directory.toString());
    }
}
