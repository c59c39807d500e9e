package org.distilqa.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.distilqa.Answer;
import org.distilqa.QuestionAnswerer;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(bytes).isLessThan(16_000_000);
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

    /** None of these texts was trained on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Who painted the ceiling?|The ceiling was painted by Anna Lindqvist in 1911. Two boys mixed the colours.|Anna Lindqvist",
                "When was the bridge opened?|The bridge crosses the Weir. It was opened in 1887 and closed for repairs in 1953.|1887",
                "How many windows does the hall have?|The hall has 44 windows and three doors. It was built for 600 guests.|44"
            })
    void answersSimpleQuestions(String question, String context, String answer) {
        try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                .model(QuestionAnswerer.BUNDLED_MODEL)
                .hub(HubOptions.fromEnvironment())
                .device("cpu")
                .build()) {
            Answer found = answerer.answer(question, context);
            assertThat(found.text()).contains(answer);
        }
    }
}
