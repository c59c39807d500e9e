package org.distilqa.benchmarks.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.benchmarks.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionTest {
    private static final String FILE = """
            {"data": [
              {"paragraphs": [{"context": "One.", "qas": [{"question": "a?"}, {"question": "b?"}]}]},
              {"paragraphs": [{"context": "Two.", "qas": [{"question": "c?"}, {"question": "d?"}]}]}]}
            """;

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("squad.json"), content);
    }

    @Test
    void readsAllQuestionsInOrder() throws IOException {
        assertThat(Question.read(file(FILE), 100))
                .containsExactly(
                        new Question("a?", "One."),
                        new Question("b?", "One."),
                        new Question("c?", "Two."),
                        new Question("d?", "Two."));
    }

    @Test
    void fewerAreSpreadOverTheFile() throws IOException {
        assertThat(Question.read(file(FILE), 2)).extracting(Question::question).containsExactly("a?", "c?");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        assertThatThrownBy(() -> Question.read(directory.resolve("absent.json"), 1))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("absent.json: there is no such file");
        assertThatThrownBy(() -> Question.read(file("{\"data\": []}"), 1))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("has no questions");
        assertThatThrownBy(() -> Question.read(file("{"), 1))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("cannot be read as JSON");
    }

    @Test
    void readsXquad() {
        assertThat(Question.read(SharedFiles.xquad(), Integer.MAX_VALUE)).hasSize(1190);
    }
}
