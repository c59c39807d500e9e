package org.distilqa.benchmarks.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.distilqa.benchmarks.SharedFiles;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.study.JoinedContext.Others;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JoinedContextTest {
    @TempDir
    private Path directory;

    private static List<AnsweredQuestion> file(String name) {
        return IntStream.range(0, 50)
                .mapToObj(i -> new AnsweredQuestion(name + "?" + i, name + " " + i / 2, List.of(String.valueOf(i))))
                .toList();
    }

    private static int number(String paragraph) {
        return Integer.parseInt(paragraph.substring(paragraph.indexOf(' ') + 1));
    }

    @ParameterizedTest
    @EnumSource
    void hasTheParagraphThatAnswersAmongOthersAllDifferent(Others others) {
        List<List<AnsweredQuestion>> files = List.of(file("a"), file("b"));
        List<JoinedContext> drawn = JoinedContext.draw(files, others, 7, 40, new Random(1));
        assertThat(drawn).hasSize(40);
        for (JoinedContext context : drawn) {
            List<String> paragraphs = Arrays.asList(context.context().split("\n\n"));
            String right = context.question().charAt(0) + " "
                    + Integer.parseInt(context.question().substring(2)) / 2;
            assertThat(paragraphs).hasSize(7).doesNotHaveDuplicates().contains(right);
        }
        assertThat(JoinedContext.draw(files, others, 7, 40, new Random(1))).isEqualTo(drawn);
        assertThat(JoinedContext.draw(files, others, 7, 40, new Random(2))).isNotEqualTo(drawn);
        assertThat(drawn.stream().map(context -> context.question().charAt(0)).distinct())
                .hasSize(2);
        // The right paragraph may stand anywhere.
        assertThat(drawn.stream()
                        .map(context -> Arrays.asList(context.context().split("\n\n"))
                                .indexOf(context.question().charAt(0) + " "
                                        + Integer.parseInt(context.question().substring(2)) / 2))
                        .distinct()
                        .count())
                .isGreaterThan(4);
    }

    @Test
    void takesNeighboursInTheOrderOfTheFile() {
        for (JoinedContext context :
                JoinedContext.draw(List.of(file("a"), file("b")), Others.NEIGHBOURS, 5, 40, new Random(1))) {
            String[] paragraphs = context.context().split("\n\n");
            for (int i = 1; i < paragraphs.length; i++) {
                assertThat(paragraphs[i].charAt(0)).isEqualTo(paragraphs[0].charAt(0));
                assertThat(number(paragraphs[i])).isEqualTo(number(paragraphs[i - 1]) + 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatThereIs(Others others) {
        List<JoinedContext> drawn = JoinedContext.draw(List.of(file("a")), others, 100, 3, new Random(1));
        assertThat(drawn)
                .allSatisfy(
                        context -> assertThat(context.context().split("\n\n")).hasSize(25));
    }

    @Test
    void readsQuestionsWithAnAnswerOfBothFormats() throws IOException {
        Path lines = Files.writeString(directory.resolve("a.jsonl"), """
                {"context": "One.", "question": "a?", "answers": [{"text": "One"}, {"text": "one"}]}
                {"context": "Two.", "question": "b?", "answers": [], "is_impossible": true}
                """);
        assertThat(AnsweredQuestion.read(lines))
                .containsExactly(new AnsweredQuestion("a?", "One.", List.of("One", "one")));
        assertThat(AnsweredQuestion.read(SharedFiles.xquad())).hasSize(1190);
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path lines = Files.writeString(directory.resolve("a.jsonl"), "{\"context\": \"One.\"}\n");
        assertThatThrownBy(() -> AnsweredQuestion.read(lines))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("line 1");
        Path broken = Files.writeString(directory.resolve("b.jsonl"), "{");
        assertThatThrownBy(() -> AnsweredQuestion.read(broken))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("b.jsonl, line 1");
        Path empty = Files.writeString(directory.resolve("c.jsonl"), "");
        assertThatThrownBy(() -> AnsweredQuestion.read(empty))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("has no question with an answer");
    }
}
