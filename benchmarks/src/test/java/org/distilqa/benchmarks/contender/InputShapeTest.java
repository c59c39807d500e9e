package org.distilqa.benchmarks.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.distilqa.graph.DistilBertConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputShapeTest {
    private static DistilBertConfig config(int layers, int dim, int hidden, int heads) {
        return DistilBertConfig.builder()
                .nLayers(layers)
                .nHeads(heads)
                .dim(dim)
                .hiddenDim(hidden)
                .build();
    }

    @Test
    void isWrittenAsItIsRead() {
        assertThat(InputShape.parse(" 8x384 "))
                .isEqualTo(new InputShape(8, 384))
                .hasToString("8x384");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "8x", "x384", "0x32", "8x0", "8X384", "8x384x2", "-1x32", "99999x1"})
    void refusesWhatIsNoShape(String text) {
        assertThatThrownBy(() -> InputShape.parse(text))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("\"" + text + "\" is not a shape")
                .hasMessageContaining("8x384");
    }

    @Test
    void countsTwoOperationsForEachMultiplyAddOfTheMatrixProducts() {
        // One layer on 3 tokens of width 2 with 5 hidden columns, product by product.
        long maps = 4 * (3 * 2 * 2);
        long scores = 3 * 3 * 2;
        long weightedValues = 3 * 3 * 2;
        long feedForward = 3 * 2 * 5 + 3 * 5 * 2;
        long head = 3 * 2 * 2;
        assertThat(new InputShape(1, 3).operations(config(1, 2, 5, 1)))
                .isEqualTo(2 * (maps + scores + weightedValues + feedForward + head));
    }

    @Test
    void countsTheBaseModel() {
        // 42,467,328 weights in the six layers' matrices, 1,536 in the head, 2 * 384 * 768 products a token and layer.
        long token = 42_467_328L + 1_536 + 6 * 2 * 384 * 768;
        assertThat(new InputShape(8, 384).operations(config(6, 768, 3072, 12))).isEqualTo(2 * token * 8 * 384);
    }

    @Test
    void countsABatchAsItsSequences() {
        DistilBertConfig config = config(2, 32, 64, 4);
        assertThat(new InputShape(8, 128).operations(config)).isEqualTo(8 * new InputShape(1, 128).operations(config));
    }

    @Test
    void givesTheSameTokensEveryTime() {
        int[][] first = new InputShape(2, 5).tokens(100);
        assertThat(first).isDeepEqualTo(new InputShape(2, 5).tokens(100)).hasDimensions(2, 5);
        assertThat(first[1]).isNotEqualTo(first[0]);
        assertThat(Arrays.stream(first).flatMapToInt(Arrays::stream)).allMatch(id -> id >= 0 && id < 100);
    }
}
