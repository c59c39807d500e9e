package org.distilqa.cli.squad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.cli.io.FileException;
import org.distilqa.examples.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class SquadFileTest {
    public static final String VERSION_2 = """
            {"version": "v2.0", "data": [{"title": "Ferries", "paragraphs": [
              {"context": "The ferry leaves at seven.", "qas": [
                {"id": "a", "question": "When does it leave?", "is_impossible": false,
                 "answers": [{"text": "at seven", "answer_start": 17}, {"text": "seven", "answer_start": 20}]},
                {"id": "b", "question": "Who is the captain?", "is_impossible": true, "answers": [],
                 "plausible_answers": [{"text": "The ferry", "answer_start": 0}]}]}]}]}
            """;

    @TempDir
    private Path directory;

    @Test
    void readsQuestionsWithAndWithoutAnswers() throws IOException {
        assertThat(read(VERSION_2))
                .containsExactly(
                        new SquadQuestion(
                                "a",
                                "When does it leave?",
                                "The ferry leaves at seven.",
                                List.of("at seven", "seven"),
                                true),
                        new SquadQuestion("b", "Who is the captain?", "The ferry leaves at seven.", List.of(), true));
    }

    @Test
    void goesByTheListOfAnswersAndNotByTheMark() throws IOException {
        String marked = VERSION_2.replace("\"is_impossible\": false", "\"is_impossible\": true");
        assertThat(read(marked).get(0).answers()).containsExactly("at seven", "seven");
    }

    @Test
    void stopsWhenToldTo() throws IOException {
        Path file = write(VERSION_2);
        List<SquadQuestion> questions = new ArrayList<>();
        SquadFile.forEach(file, question -> {
            questions.add(question);
            return false;
        });
        assertThat(questions).hasSize(1);
    }

    @Test
    void readsTheWholeOfXquad() {
        List<SquadQuestion> questions = new ArrayList<>();
        SquadFile.forEach(SharedFiles.xquad(), questions::add);
        assertThat(questions).hasSize(1190).allSatisfy(question -> {
            assertThat(question.answers()).isNotEmpty();
            assertThat(question.mayBeImpossible()).isFalse();
            assertThat(question.context()).contains(question.answers().get(0));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | is not a JSON object",
                "{\"date\": []} | has no \"data\"; is it a SQuAD file?",
                "{\"data\": {}} | \"data\" is not a list",
                "{\"data\": [{\"title\": \"t\"}]} | an article has no \"paragraphs\"",
                "{\"data\": [{\"paragraphs\": [{\"qas\": []}]}]} | there is no text \"context\"",
                "{\"data\": [{\"paragraphs\": [{\"context\": \"c\"}]}]} | a paragraph has no list \"qas\"",
                "{\"data\": [{\"paragraphs\": [{\"context\": \"c\", \"qas\": [{}]}]}]} | a question has no \"id\"",
                "{\"data\": [{\"paragraphs\": [{\"context\": \"c\", \"qas\": [{\"id\": \"x\"}]}]}]} | question x has no list \"answers\"",
                "{\"data\": [{\"paragraphs\": [{\"context\": \"\", \"qas\": []}]}]} | a paragraph has an empty context",
                "{\"data\": [{\"paragraphs\": [{\"context\": \"c\", \"qas\": [{\"id\": \"x\", \"answers\": [], \"question\": \" \"}]}]}]} | question x is empty",
                "{\"data\": [{\"paragraphs\": | is not valid JSON at line 1",
                "{\"data\": [{\"paragraphs\": nonsense}]} | is not valid JSON at line 1"
            })
    void saysWhatIsWrongWithAFileAndWhere(String text, String message) throws IOException {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(FileException.class)
                .hasMessageContaining("squad.json: ")
                .hasMessageContaining(message)
                .hasMessageContaining("line");
    }

    private List<SquadQuestion> read(String text) throws IOException {
        List<SquadQuestion> questions = new ArrayList<>();
        SquadFile.forEach(write(text), questions::add);
        return questions;
    }

    private Path write(String text) throws IOException {
        Path file = directory.resolve("squad.json");
        Files.writeString(file, text);
        return file;
    }
}
