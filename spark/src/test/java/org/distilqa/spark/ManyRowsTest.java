package org.distilqa.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code spark/run} does. */
class ManyRowsTest {
    private static final String BUILT =
            "The mill of Hilltop was built by Ada Quill in 1912, out of stones that she had carried up from the river by herself, one by one.";

    @TempDir
    private Path folder;

    private Path squad(String context, String question, String answer) throws IOException {
        return Files.writeString(
                folder.resolve("squad.json"), """
                {"data": [{"paragraphs": [{"context": "%s", "qas": [
                    {"question": "%s", "answers": [{"text": "%s", "answer_start": %d}]}]}]}]}
                """.formatted(context, question, answer, context.indexOf(answer)));
    }

    @Test
    void aShortTextIsTheSentenceThatHoldsTheAnswer() throws IOException {
        ShortTexts texts =
                ShortTexts.of(squad("It rains. " + BUILT + " It still works.", "Who built it?", "Ada Quill"));

        assertThat(texts.size()).isOne();
        assertThat(texts.row(0)).isEqualTo(new ShortTexts.Text("Who built it?", "Text 1. " + BUILT, "Ada Quill"));
    }

    @Test
    void aVeryShortSentenceTakesInTheNext() throws IOException {
        ShortTexts texts =
                ShortTexts.of(squad("It rains. Ada built it. It works. So they say.", "Who built it?", "Ada"));

        assertThat(texts.row(0).context()).isEqualTo("Text 1. Ada built it. It works.");
    }

    @Test
    void aRepetitionHasAnotherNumberAndOtherYears() throws IOException {
        ShortTexts texts = ShortTexts.of(squad(BUILT, "When was it built?", "1912"));

        assertThat(texts.row(3).context()).startsWith("Text 4. ").contains("in 1915,");
        assertThat(texts.row(3).answer()).isEqualTo("1915");
    }

    @Test
    void aFileWithoutAnswersInShortSentencesIsRefused() throws IOException {
        Path file = squad("word ".repeat(60) + "Ada.", "Who built it?", "Ada");

        assertThatThrownBy(() -> ShortTexts.of(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void everyRowIsWrittenWithItsAnswerAndCounted() throws IOException {
        ShortTexts texts = ShortTexts.of(squad(BUILT, "Who built the mill of Hilltop?", "Ada Quill"));
        Path output = folder.resolve("answers");
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            ManyRows.Figures figures = ManyRows.run(spark, texts, 30, output.toString());

            assertThat(figures.rows()).isEqualTo(30);
            assertThat(figures.answered()).isEqualTo(30);
            assertThat(figures.errors()).isZero();
            assertThat(figures.asExpected()).isEqualTo(30);
            assertThat(spark.read()
                            .parquet(output.toString())
                            .select("id")
                            .distinct()
                            .count())
                    .isEqualTo(30);
        }
    }
}
