package org.distilqa.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.distilqa.QuestionAnswerer;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundledModelTest {
    private static final String FOLDER = "/org/distilqa/models/bundled/";

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = BundledModelTest.class.getResourceAsStream(FOLDER + name)) {
            assertThat(in).as(FOLDER + name).isNotNull();
            return in.readAllBytes();
        }
    }

    private static Checkpoint checkpoint() {
        return Checkpoint.load(QuestionAnswerer.BUNDLED_MODEL, "main", () -> {
            throw new AssertionError("the hub was asked for");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json", "MODEL_CARD.md"})
    void bringsEveryFile(String name) throws IOException {
        assertThat(resource(name)).isNotEmpty();
    }

    @Test
    void isSmallEnoughToBeCarriedAlong() throws IOException {
        long bytes = resource("model.safetensors").length + resource("vocab.txt").length;
        assertThat(bytes).isLessThan(48_000_000);
    }

    @Test
    void isADistilBertThatReadsFullWindows() {
        Checkpoint checkpoint = checkpoint();
        assertThat(checkpoint.config().maxPositionEmbeddings()).isEqualTo(512);
        assertThat(checkpoint.files().location()).endsWith(FOLDER);
    }

    @Test
    void keepsItsWeightsInHalfPrecision() throws IOException {
        byte[] file = resource("model.safetensors");
        String header = new String(file, 8, 4096, StandardCharsets.US_ASCII);
        assertThat(header).contains("\"dtype\":\"F16\"").doesNotContain("\"dtype\":\"F32\"");
    }

    @Test
    void hasATokenForEveryRowOfItsEmbeddings() throws IOException {
        long lines = new String(resource("vocab.txt"), StandardCharsets.UTF_8)
                .lines()
                .count();
        assertThat(lines).isEqualTo(checkpoint().config().vocabSize());
    }

    /** What any model that is worth shipping can do. */
    @Test
    void answersSimpleQuestions() {
        try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                .model(QuestionAnswerer.BUNDLED_MODEL)
                .device("cpu")
                .build()) {
            assertThat(answerer.answer(
                                    "Who painted the ceiling?",
                                    "The ceiling was painted by Anna Lindqvist in 1911. Two boys mixed the colours.")
                            .text())
                    .isEqualTo("Anna Lindqvist");
            assertThat(answerer.answer(
                                    "When was the bridge opened?",
                                    "The bridge crosses the Weir. It was opened in 1887 and closed for repairs in 1953.")
                            .text())
                    .isEqualTo("1887");
            assertThat(answerer.answer(
                                    "How many windows does the hall have?",
                                    "The hall has 44 windows and three doors. It was built for 600 guests.")
                            .text())
                    .isEqualTo("44");
            assertThat(answerer.answer(
                                    "What is the capital of France?",
                                    "Paris is the capital and the largest city of France; Lyon is the third largest.")
                            .text())
                    .isEqualTo("Paris");
        }
    }
}
