package org.distilqa.benchmarks.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.squad.SquadMetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionTest {
    private static final String FILE = """
            {"data": [
              {"paragraphs": [{"context": "One.", "qas": [
                {"id": "1", "question": "a?", "answers": [{"text": "One"}]}, {"id": "2", "question": "b?", "answers": []}]}]},
              {"paragraphs": [{"context": "Two.", "qas": [
                {"id": "3", "question": "c?", "answers": []}, {"id": "4", "question": "d?", "answers": []}]}]}]}
            """;

    @TempDir
    private Path directory;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void readsAllQuestionsInOrder() throws IOException {
        assertThat(Question.read(file("squad.json", FILE)))
                .containsExactly(
                        new Question("a?", "One.", List.of("One")),
                        new Question("b?", "One.", List.of()),
                        new Question("c?", "Two.", List.of()),
                        new Question("d?", "Two.", List.of()));
    }

    @Test
    void readsAnObjectALine() throws IOException {
        Path lines = file("a.jsonl", """
                {"context": "One.", "question": "a?", "answers": [{"text": "One"}, {"text": "one"}]}
                {"context": "Two.", "question": "b?", "answers": [], "is_impossible": true}
                """);
        assertThat(Question.read(lines))
                .containsExactly(
                        new Question("a?", "One.", List.of("One", "one")), new Question("b?", "Two.", List.of()));
    }

    @Test
    void fewerAreSpreadOverTheFile() throws IOException {
        assertThat(Question.read(file("squad.json", FILE), 2))
                .extracting(Question::question)
                .containsExactly("a?", "c?");
        assertThat(Question.read(file("squad.json", FILE), 100)).hasSize(4);
    }

    @Test
    void anAnswerIsAsGoodAsBesideTheRightOneThatIsMostLikeIt() {
        Question question = new Question("a?", "One.", List.of("something else", "one two three"));
        assertThat(question.best("two three", SquadMetric::f1)).isEqualTo(0.8);
        assertThat(question.best("two three", SquadMetric::exact)).isZero();
        assertThat(question.best("One two three.", SquadMetric::exact)).isOne();
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        assertThatThrownBy(() -> Question.read(directory.resolve("absent.json")))
                .isInstanceOf(FileException.class)
                .hasMessageContaining("absent.json");
        Path empty = file("empty.json", "{\"data\": []}");
        assertThatThrownBy(() -> Question.read(empty))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageEndingWith("empty.json: has no questions");
        Path broken = file("broken.json", "{");
        assertThatThrownBy(() -> Question.read(broken))
                .isInstanceOf(FileException.class)
                .hasMessageContaining("broken.json");
    }

    @Test
    void saysWhichLineIsWrong() throws IOException {
        Path incomplete = file("a.jsonl", "{\"context\": \"One.\"}\n");
        assertThatThrownBy(() -> Question.read(incomplete))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("a.jsonl, line 1: has no \"context\" or no \"question\"");
        Path broken = file("b.jsonl", "{");
        assertThatThrownBy(() -> Question.read(broken))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("b.jsonl, line 1");
    }

    @Test
    void readsXquad() {
        assertThat(Question.read(SharedFiles.xquad()))
                .hasSize(1190)
                .allSatisfy(question -> assertThat(question.context())
                        .contains(question.answers().get(0)));
    }
}
