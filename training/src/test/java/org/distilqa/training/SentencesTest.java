package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentencesTest {
    @Test
    void endsSentencesNeitherAtTitlesNorAtInitials() {
        String text = "Dr. A. Quill came in 1912. \"Go!\" he said. They went.";
        assertThat(Sentences.of(text).stream().map(span -> text.substring(span[0], span[1])))
                .containsExactly("Dr. A. Quill came in 1912.", "\"Go!\" he said.", "They went.");
    }
}
