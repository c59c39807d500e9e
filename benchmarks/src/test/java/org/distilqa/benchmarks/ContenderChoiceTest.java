package org.distilqa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.distilqa.benchmarks.peer.Python;
import org.junit.jupiter.api.Test;

class ContenderChoiceTest {
    private final List<String> progress = new ArrayList<>();

    private ContenderChoice choice(Map<String, String> packages, String... named) {
        Python python = new Python("python9", Path.of("peer.py"), packages, "");
        return new ContenderChoice(
                named.length == 0 ? Optional.empty() : Optional.of(List.of(named)), python, progress::add);
    }

    private static NetworkResults.Row row(String contender, double milliseconds) {
        return new NetworkResults.Row(
                new InputShape(8, 384),
                Contender.parse(contender),
                1,
                List.of(new double[] {milliseconds}),
                OptionalDouble.empty());
    }

    @Test
    void takesWhoeverCanAndSaysWhoIsLeftOut() {
        List<Contender> all = choice(Map.of("openvino", "1")).all();
        assertThat(all)
                .extracting(Contender::toString)
                .contains("cpu", "onnxruntime,graph=plain", "onnxruntime,graph=fused", "onnxruntime,graph=int8", "djl")
                .contains("openvino,precision=float32", "openvino,precision=bfloat16")
                .doesNotContain("openvino,precision=int8", "transformers,precision=float32", "plain")
                .doesNotHaveDuplicates();
        assertThat(progress)
                .filteredOn(line -> line.startsWith("openvino") || line.startsWith("transformers"))
                .extracting(line -> line.substring(0, line.indexOf(';')))
                .containsExactly(
                        "openvino,precision=int8 is left out: python9 has no nncf",
                        "transformers,precision=float32 is left out: python9 has no torch, transformers",
                        "transformers,precision=bfloat16 is left out: python9 has no torch, transformers");
    }

    @Test
    void asksWholeQuestionsOfOnnxRuntimeAndDjlWithTheFasterGraph() {
        NetworkResults network = new NetworkResults(
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(
                        row("onnxruntime,graph=plain", 3),
                        row("onnxruntime,graph=fused", 4),
                        row("onnxruntime,graph=int8", 1)));
        ContenderChoice choice = choice(Map.of());
        assertThat(choice.answerers(choice.all(), Optional.of(network)))
                .filteredOn(Contender::isPeer)
                .extracting(Contender::toString)
                .containsExactly("onnxruntime,graph=plain", "djl,graph=plain");
        assertThat(choice.answerers(choice.all(), Optional.empty()))
                .filteredOn(Contender::isPeer)
                .extracting(Contender::toString)
                .containsExactly("onnxruntime,graph=fused", "djl,graph=fused");
    }

    @Test
    void takesThoseThatAreNamedInTheirOrder() {
        ContenderChoice choice = choice(Map.of(), "djl", "onednn,precision=int8", "cpu");
        assertThat(choice.all()).extracting(Contender::toString).containsExactly("djl", "onednn,precision=int8", "cpu");
        assertThat(choice.answerers(choice.all(), Optional.empty())).isEqualTo(choice.all());
        assertThat(choice.service()).isEqualTo(Contender.parse("onednn,precision=int8"));
    }

    @Test
    void refusesWhatCannotTakePart() {
        assertThatThrownBy(() -> choice(Map.of(), "cpu", "cpu")).hasMessage("contender \"cpu\" is named twice");
        assertThatThrownBy(() -> choice(Map.of(), "openvino"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageStartingWith("openvino,precision=float32: python9 has no openvino");
        assertThatThrownBy(() -> choice(Map.of(), "djl").service()).hasMessage("--only service needs a device of ours");
        assertThat(choice(Map.of()).service().name()).isEqualTo("auto");
    }
}
