package org.distilqa.benchmarks.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContenderTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cpu                                | DistilQA cpu                       | float32 | false
            cpu,kernels=scalar,threads=1       | DistilQA cpu (scalar, threads 1)   | float32 | false
            onednn,precision=int8              | DistilQA onednn (int8)             | int8    | false
            onnxruntime,graph=fused            | ONNX Runtime (fused)               | float32 | true
            onnxruntime,graph=int8             | ONNX Runtime (int8)                | int8    | true
            openvino,precision=bfloat16        | OpenVINO (bfloat16)                | bfloat16 | true
            transformers,precision=float32     | transformers (float32)             | float32 | true
            djl                                | DJL                                | float32 | true
            tt                                 | DistilQA tt                        | bfloat8_b | false
            """)
    void isReadAndNamed(String text, String label, String precision, boolean peer) {
        Contender contender = Contender.parse(text);
        assertThat(contender).hasToString(text);
        assertThat(contender.label()).isEqualTo(label);
        assertThat(contender.precision()).isEqualTo(precision);
        assertThat(contender.isPeer()).isEqualTo(peer);
    }

    @Test
    void comparesInFloat32UnlessItIsSaid() {
        assertThat(Contender.parse("onednn")).isEqualTo(Contender.parse("onednn,precision=float32"));
        assertThat(Contender.parse("onednn").precision()).isEqualTo("float32");
        assertThat(Contender.parse("openvino")).isEqualTo(Contender.parse("openvino,precision=float32"));
    }

    @Test
    void takesSpacesAndAnyOrderOfOptions() {
        assertThat(Contender.parse(" cpu , threads = 2,kernels=auto"))
                .isEqualTo(Contender.parse("cpu,kernels=auto,threads=2"));
    }

    @Test
    void refusesWhatIsNotAnOptionOrHasNoName() {
        assertThatThrownBy(() -> Contender.parse("cpu,scalar"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("\"scalar\" is not an option")
                .hasMessageContaining("onnxruntime,graph=fused");
        assertThatThrownBy(() -> Contender.parse(""))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("has no name");
    }
}
