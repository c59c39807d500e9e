package org.distilqa.benchmarks.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.worker.Command;
import org.junit.jupiter.api.Test;

class QuestionsMeasurementTest {
    private final Map<QuestionsMeasurement.Line, List<double[]>> times = new LinkedHashMap<>();

    private void took(String contender, Command.Mode mode, double milliseconds) {
        times.put(
                new QuestionsMeasurement.Line(Contender.parse(contender), mode),
                List.of(new double[] {milliseconds}, new double[] {2 * milliseconds}));
    }

    private QuestionsResults.Row row(String contender, Command.Mode mode) {
        return QuestionsMeasurement.rows(times).stream()
                .filter(row -> row.contender().equals(Contender.parse(contender)) && row.mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void asksInEveryWayThatAContenderMayGainBy() {
        assertThat(QuestionsMeasurement.modes(Contender.parse("onednn")))
                .containsExactly(Command.Mode.BATCHES, Command.Mode.SINGLE, Command.Mode.NETWORK);
        assertThat(QuestionsMeasurement.modes(Contender.parse("djl")))
                .containsExactly(Command.Mode.BATCHES, Command.Mode.SORTED_BATCHES, Command.Mode.SINGLE);
        assertThat(QuestionsMeasurement.modes(Contender.parse("transformers"))).hasSize(4);
    }

    @Test
    void comparesLikeWithLike() {
        took("onednn", Command.Mode.BATCHES, 10);
        took("onednn", Command.Mode.SINGLE, 20);
        took("onednn", Command.Mode.NETWORK, 8);
        took("onednn,precision=int8", Command.Mode.BATCHES, 5);
        took("openvino", Command.Mode.BATCHES, 40);
        took("openvino", Command.Mode.SINGLE, 30);
        took("openvino", Command.Mode.NETWORK, 12);
        took("openvino,precision=bfloat16", Command.Mode.NETWORK, 1);
        took("openvino,precision=bfloat16", Command.Mode.BATCHES, 1);
        took("djl", Command.Mode.SORTED_BATCHES, 25);

        // Batches with a peer's best way of answering, whichever it is.
        assertThat(row("onednn", Command.Mode.BATCHES).ratio()).hasValue(2.5);
        assertThat(row("onednn", Command.Mode.SINGLE).ratio()).hasValue(1.5);
        assertThat(row("onednn", Command.Mode.NETWORK).ratio()).hasValue(1.5);
        assertThat(row("onednn", Command.Mode.BATCHES).ratioToNetwork()).hasValue(1.2);
        assertThat(row("onednn", Command.Mode.SINGLE).ratioToNetwork()).hasValue(0.6);
        // There is no peer in int8.
        assertThat(row("onednn,precision=int8", Command.Mode.BATCHES).ratio()).isEqualTo(OptionalDouble.empty());
    }
}
