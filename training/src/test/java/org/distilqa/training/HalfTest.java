package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0000",
        "1, 3c00",
        "-2, c000",
        "0.333333333, 3555",
        "65504, 7bff",
        "1e9, 7bff",
        "5.9604645e-8, 0001",
        "6.097555e-5, 03ff",
        "6.103515625e-5, 0400",
        "1.00048828125, 3c00",
        "1.00146484375, 3c02"
    })
    void roundsToTheNearestWithTiesToEven(float value, String bits) {
        assertThat(String.format("%04x", Half.of(value) & 0xffff)).isEqualTo(bits);
    }
}
