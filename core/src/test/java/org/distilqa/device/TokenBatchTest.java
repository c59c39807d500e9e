package org.distilqa.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.distilqa.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void tellsTheTypesOfTokensByWhereTheSecondSegmentBegins() {
        int[] secondSegments = {1, 0, 2};
        TokenBatch batch = TokenBatch.of(List.of(new int[3], new int[2], new int[2]), secondSegments);
        secondSegments[0] = 3;
        assertThat(batch.secondSegment(0)).isEqualTo(1);
        assertThat(List.of(batch.type(0, 0), batch.type(0, 1), batch.type(0, 2)))
                .containsExactly(0, 1, 1);
        assertThat(batch.type(1, 0)).isEqualTo(1);
        assertThat(batch.type(2, 1)).isZero();
        assertThat(TokenBatch.of(new int[4]).type(0, 3)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4})
    void refusesASecondSegmentOutsideItsSequence(int position) {
        List<int[]> sequences = List.of(new int[3]);
        assertThatThrownBy(() -> TokenBatch.of(sequences, new int[] {position}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("3 tokens cannot begin at position " + position);
        assertThatThrownBy(() -> TokenBatch.of(sequences, new int[] {1, 1}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("1 sequences, but 2 second segments");
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
