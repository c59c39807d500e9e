package org.distilqa.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DtypeTest {

    @ParameterizedTest
    @CsvSource({
        "0x0000, 0",
        "0x8000, -0.0",
        "0x3c00, 1",
        "0xc000, -2",
        "0x7bff, 65504",
        "0x0400, 6.103515625e-5",
        "0x0001, 5.960464477539063e-8",
        "0x83ff, -6.097555160522461e-5",
        "0x3555, 0.333251953125",
        "0x7c00, Infinity",
        "0xfc00, -Infinity"
    })
    void convertsFloat16Exactly(String bits, float value) {
        assertThat(Dtype.float16((short) Integer.decode(bits).intValue())).isEqualTo(Float.valueOf(value));
    }

    @Test
    void keepsFloat16NotANumber() {
        assertThat(Dtype.float16((short) 0x7e00)).isNaN();
    }

    /** Table 1 of "FP8 Formats for Deep Learning". */
    @ParameterizedTest
    @CsvSource({
        "0x00, 0",
        "0x80, -0.0",
        "0x01, 1.52587890625e-5",
        "0x03, 4.57763671875e-5",
        "0x04, 6.103515625e-5",
        "0x3c, 1",
        "0xc1, -2.5",
        "0x7b, 57344",
        "0x7c, Infinity",
        "0xfc, -Infinity",
        "0x7d, NaN",
        "0xff, NaN"
    })
    void convertsEightBitsWithFiveOfExponentExactly(String bits, float value) {
        assertThat(Dtype.float8E5m2(Integer.decode(bits))).isEqualTo(Float.valueOf(value));
    }

    /** Table 1 of "FP8 Formats for Deep Learning". */
    @ParameterizedTest
    @CsvSource({
        "0x00, 0",
        "0x80, -0.0",
        "0x01, 0.001953125",
        "0x07, 0.013671875",
        "0x08, 0.015625",
        "0x38, 1",
        "0xc4, -3",
        "0x78, 256",
        "0x7e, 448",
        "0xfe, -448",
        "0x7f, NaN",
        "0xff, NaN"
    })
    void convertsEightBitsWithFourOfExponentExactly(String bits, float value) {
        assertThat(Dtype.float8E4m3(Integer.decode(bits))).isEqualTo(Float.valueOf(value));
    }

    @ParameterizedTest
    @CsvSource({"0x00, 5.877471754111438e-39", "0x7f, 1", "0x80, 2", "0xfe, 1.7014118346046923e38", "0xff, NaN"})
    void convertsEightBitsOfExponentExactly(String bits, float value) {
        assertThat(Dtype.float8E8m0(Integer.decode(bits))).isEqualTo(Float.valueOf(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f32", "", "F31"})
    void knowsNoOtherNames(String name) {
        assertThat(Dtype.named(name)).isEmpty();
    }
}
