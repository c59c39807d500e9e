package org.distilqa.benchmarks.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.study.JoinedContexts.Others;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JoinedContextsTest {
    private static List<Question> file(String name) {
        return IntStream.range(0, 50)
                .mapToObj(i -> new Question(name + "?" + i, name + " " + i / 2, List.of(String.valueOf(i))))
                .toList();
    }

    private static int number(String paragraph) {
        return Integer.parseInt(paragraph.substring(paragraph.indexOf(' ') + 1));
    }

    @ParameterizedTest
    @EnumSource
    void hasTheParagraphThatAnswersAmongOthersAllDifferent(Others others) {
        List<List<Question>> files = List.of(file("a"), file("b"));
        List<Question> drawn = JoinedContexts.draw(files, others, 7, 40, new Random(1));
        assertThat(drawn).hasSize(40);
        for (Question context : drawn) {
            List<String> paragraphs = Arrays.asList(context.context().split("\n\n"));
            String right = context.question().charAt(0) + " "
                    + Integer.parseInt(context.question().substring(2)) / 2;
            assertThat(paragraphs).hasSize(7).doesNotHaveDuplicates().contains(right);
        }
        assertThat(JoinedContexts.draw(files, others, 7, 40, new Random(1))).isEqualTo(drawn);
        assertThat(JoinedContexts.draw(files, others, 7, 40, new Random(2))).isNotEqualTo(drawn);
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
        for (Question context :
                JoinedContexts.draw(List.of(file("a"), file("b")), Others.NEIGHBOURS, 5, 40, new Random(1))) {
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
        List<Question> drawn = JoinedContexts.draw(List.of(file("a")), others, 100, 3, new Random(1));
        assertThat(drawn)
                .allSatisfy(
                        context -> assertThat(context.context().split("\n\n")).hasSize(25));
    }
}
