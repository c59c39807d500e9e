package org.distilqa.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.distilqa.InvalidRequestException;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphBuilder;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;
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

    /** A network of ten tokens and three positions. */
    private static Graph graph() {
        Parameters shapes = new Parameters() {
            @Override
            public String source() {
                return "a test";
            }

            @Override
            public Optional<Shape> shape(String name) {
                return Optional.of(
                        switch (name) {
                            case "tokens.weight" -> Shape.of(10, 4);
                            case "positions.weight" -> Shape.of(3, 4);
                            case "head.weight" -> Shape.of(2, 4);
                            default -> Shape.of(2);
                        });
            }

            @Override
            public void read(String name, long offset, float[] target, int targetOffset, int length) {
                throw new AssertionError("only shapes are looked at");
            }
        };
        GraphBuilder builder = new GraphBuilder(shapes);
        builder.linear(List.of("head"), 2, Activation.NONE, builder.embeddings("tokens", 10, "positions", 3, 4));
        return builder.build();
    }

    @Test
    void fitsANetworkThatHasAllItsTokensAndPositions() {
        TokenBatch.of(new int[] {0, 9, 5}, new int[] {9}).requireFits(graph());
        assertThatThrownBy(() -> TokenBatch.of(new int[1], new int[4]).requireFits(graph()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("a sequence has 4 tokens; the model takes at most 3 (max_position_embeddings)");
        for (int id : new int[] {-1, 10}) {
            assertThatThrownBy(
                            () -> TokenBatch.of(new int[1], new int[] {0, id}).requireFits(graph()))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage(
                            "token id " + id + " is not in the model's vocabulary, 0 to 9; does the tokenizer belong"
                                    + " to the model?");
        }
    }

    @Test
    void hasLogitsOfTheSameLengthsOnly() {
        float[][] two = {{1}, {2, 3}};
        float[][] other = {{1}, {2}};
        assertThatThrownBy(() -> new Logits(two, other)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Logits(two, new float[][] {{1}})).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Logits(two, two).size()).isEqualTo(2);
    }
}
