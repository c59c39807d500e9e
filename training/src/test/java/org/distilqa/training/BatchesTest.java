package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private final List<Encoded> examples = new ArrayList<>();

    {
        for (int i = 0; i < 300; i++) {
            examples.add(new Encoded(new short[10 + i * 7 % 90], 3, 4, 5));
        }
    }

    private static int tokens(List<Encoded> batch) {
        return batch.stream().mapToInt(Encoded::length).sum();
    }

    @Test
    void everyExampleIsInOneBatchOfAPassAndNoBatchIsTooLarge() {
        List<List<Encoded>> batches = new Batches(examples, 512).pass(3);
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(examples);
        assertThat(batches).allSatisfy(batch -> assertThat(tokens(batch)).isLessThanOrEqualTo(512));
    }

    @Test
    void eachPassHasAnotherOrderAndTheSameOneIsRepeatable() {
        Batches batches = new Batches(examples, 512);
        assertThat(batches.pass(1)).isEqualTo(batches.pass(1)).isNotEqualTo(batches.pass(2));
    }

    @Test
    void partsOfABatchHaveAboutAsManyTokens() {
        List<List<Encoded>> parts = Batches.parts(examples, 2);
        assertThat(parts.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(examples);
        assertThat(Math.abs(tokens(parts.get(0)) - tokens(parts.get(1)))).isLessThan(100);
    }
}
