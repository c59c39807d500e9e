package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void asJsonHasItsFourPartsAndNothingElse() throws Exception {
        Answer answer = new Answer("Ada", 3, 6, 0.5);
        assertThat(mapper.writeValueAsString(answer))
                .isEqualTo("{\"text\":\"Ada\",\"start\":3,\"end\":6,\"score\":0.5}");
        assertThat(mapper.readValue(mapper.writeValueAsString(answer), Answer.class))
                .isEqualTo(answer);
        assertThat(mapper.writeValueAsString(Answer.none(0.25)))
                .isEqualTo("{\"text\":\"\",\"start\":0,\"end\":0,\"score\":0.25}");
    }

    @Test
    void ofAPassageCanBeWrittenAsJsonAndReadAgain() throws Exception {
        PassageAnswer answer = new PassageAnswer(2, new Answer("Ada", 3, 6, 0.5));
        assertThat(mapper.readValue(mapper.writeValueAsString(answer), PassageAnswer.class))
                .isEqualTo(answer);
    }
}
