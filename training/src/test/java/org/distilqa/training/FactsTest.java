package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactsTest {
    @TempDir
    private Path directory;

    private final List<Example> examples = new ArrayList<>();

    @BeforeEach
    void makeManyTexts() throws IOException {
        Lexicon lexicon = new Lexicon(SmallWordNet.write(directory));
        Random random = new Random(7);
        Facts facts = new Facts(new Slots(lexicon, List.of("Ada", "Hugo"), List.of("Chile", "Ghana"), random), random);
        for (int i = 0; i < 3000; i++) {
            examples.addAll(facts.examples(3));
        }
    }

    @Test
    void everyPatternIsFilled() {
        assertThat(examples).hasSizeGreaterThan(5000);
        assertThat(examples)
                .allSatisfy(example ->
                        assertThat(example.context() + example.question()).doesNotContainPattern("[{}<>|=/]"));
    }

    @Test
    void everyAnswerStandsInTheContextAndNotInTheQuestion() {
        assertThat(examples).allSatisfy(example -> {
            assertThat(example.answer()).isNotBlank();
            assertThat(example.question()).doesNotContain(example.answer()).endsWith("?");
        });
    }
}
