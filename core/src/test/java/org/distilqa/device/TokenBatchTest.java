package org.distilqa.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.distilqa.InvalidRequestException;
import org.junit.jupiter.api.Test;

class TokenBatchTest {

    @Test
    void copiesItsSequences() {
        int[] ids = {1, 2, 3};
        TokenBatch batch = TokenBatch.of(ids, new int[] {7});
        ids[1] = 9;
        assertThat(batch.token(0, 1)).isEqualTo(2);
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.tokens()).isEqualTo(4);
        assertThat(batch.maxLength()).isEqualTo(3);
        int[] target = new int[5];
        batch.copy(0, target, 1);
        assertThat(target).containsExactly(0, 1, 2, 3, 0);
    }

    @Test
    void refusesNothingAtAll() {
        assertThatThrownBy(TokenBatch::of).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> TokenBatch.of(new int[] {1}, new int[0])).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void hasLogitsOfTheSameLengthsOnly() {
        float[][] two = {{1}, {2, 3}};
        float[][] other = {{1}, {2}};
        assertThatThrownBy(() -> new Logits(two, other)).isInstanceOf(IllegalArgumentException.class);
    }
}
