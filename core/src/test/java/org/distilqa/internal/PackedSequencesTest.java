package org.distilqa.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackedSequencesTest {
    private static final int[] LENGTHS = {7, 2, 1, 3, 9};

    private final PackedSequences sequences = new PackedSequences();

    private static int length(int sequence) {
        return LENGTHS[sequence];
    }

    @Test
    void lieOneAfterAnother() {
        assertThat(sequences.rows()).isZero();
        sequences.begin(1, 4, PackedSequencesTest::length);
        assertThat(sequences.count()).isEqualTo(3);
        assertThat(sequences.rows()).isEqualTo(6);
        assertThat(new int[] {sequences.start(0), sequences.start(1), sequences.start(2)})
                .containsExactly(0, 2, 3);
        assertThat(new int[] {sequences.length(0), sequences.length(1), sequences.length(2)})
                .containsExactly(2, 1, 3);
        assertThat(sequences.batchIndex(2)).isEqualTo(3);
        assertThat(new int[] {
                    sequences.sequenceOf(0), sequences.sequenceOf(1), sequences.sequenceOf(2), sequences.sequenceOf(5)
                })
                .containsExactly(0, 0, 1, 2);
    }

    @Test
    void giveEachSequenceOfTheBatchItsLogits() {
        sequences.begin(0, 5, PackedSequencesTest::length);
        sequences.begin(1, 3, PackedSequencesTest::length);
        float[][] start = new float[5][];
        float[][] end = new float[5][];
        sequences.splitLogits(new float[] {1, -1, 0, 2, -2, 0, 3, -3, 0}, 3, start, end);
        assertThat(start).isDeepEqualTo(new float[][] {null, {1, 2}, {3}, null, null});
        assertThat(end).isDeepEqualTo(new float[][] {null, {-1, -2}, {-3}, null, null});
    }
}
