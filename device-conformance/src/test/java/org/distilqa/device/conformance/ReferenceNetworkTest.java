package org.distilqa.device.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.distilqa.device.conformance.GoldenCheckpoint.Case;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceNetworkTest {

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "odd-gelu", "odd-relu", "gelu-tanh", "silu", "bert"})
    void givesTheLogitsThatAnotherProgramComputedInFloat64(String name) {
        GoldenCheckpoint golden = GoldenCheckpoint.read(name);
        ReferenceNetwork network = new ReferenceNetwork(
                golden.checkpoint().graph(), golden.checkpoint().parameters());
        assertThat(golden.cases()).isNotEmpty();
        for (Case sequence : golden.cases()) {
            double[][] logits = network.logits(sequence.input_ids(), sequence.secondSegment());
            assertThat(logits).hasDimensions(sequence.length(), 2);
            for (int token = 0; token < logits.length; token++) {
                // As many digits as the files have.
                assertThat(logits[token][0]).isCloseTo(sequence.start_logits()[token], within(1e-5));
                assertThat(logits[token][1]).isCloseTo(sequence.end_logits()[token], within(1e-5));
            }
        }
    }
}
