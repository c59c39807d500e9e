package org.distilqa.device.onednn.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KernelSizesTest {

    @Test
    void areFewAndLeaveLittleToComputeForNothing() {
        assertThat(IntStream.rangeClosed(1, 512).map(KernelSizes::roundUp).distinct())
                .hasSize(32)
                .contains(8, 64, 72, 128, 144, 192, 256, 288, 384, 512);
        for (int number = 64; number <= 4096; number++) {
            assertThat(KernelSizes.roundUp(number)).isBetween(number, number + number / 8);
        }
    }

    @Test
    void includeThemselvesAndAreMultiplesOfEight() {
        for (int number = 1; number <= 4096; number++) {
            int size = KernelSizes.roundUp(number);
            assertThat(size % 8).isZero();
            assertThat(KernelSizes.roundUp(size)).isEqualTo(size);
            assertThat(size - number).isBetween(0, KernelSizes.LARGEST_STEP - 1);
        }
    }

    @Test
    void includeTheMostRowsOfABlock() {
        assertThatThrownBy(() -> new Blocking(96, 100)).hasMessageContaining("100 rows");
    }
}
