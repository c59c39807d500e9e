package org.distilqa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ResultsJsonTest {
    private static JsonNode json() throws Exception {
        return new ObjectMapper().readTree(ResultsJson.of(SampleResults.all()));
    }

    @Test
    void holdsTheMachineAndTheSettings() throws Exception {
        JsonNode json = json();
        assertThat(json.at("/machine/processor").asText()).startsWith("A <fast> & \"wide\" processor (AVX-512, ");
        assertThat(json.at("/machine/processors").asInt()).isEqualTo(2);
        assertThat(json.at("/jvm_options/0").asText()).isEqualTo("-Xoption");
        assertThat(json.at("/contenders/1/contender").asText()).isEqualTo("onnxruntime,graph=fused");
        assertThat(json.at("/contenders/1/peer").asBoolean()).isTrue();
        assertThat(json.at("/contenders/1/settings/threads").asText()).isEqualTo("2");
    }

    @Test
    void holdsTheNetworksFigures() throws Exception {
        JsonNode json = json();
        assertThat(json.at("/models/0/network/peak_gflops/float32").asDouble()).isEqualTo(100);
        assertThat(json.at("/models/0/network/peak_gflops/int8").asDouble()).isEqualTo(400);
        assertThat(json.at("/models/0/network/rows/2/share_of_peak").asDouble()).isEqualTo(0.5);
        JsonNode row = json.at("/models/0/network/rows/0");
        assertThat(row.path("shape").asText()).isEqualTo("1x32");
        assertThat(row.path("runs").asInt()).isEqualTo(3);
        assertThat(row.path("median_ms").asDouble()).isEqualTo(20);
        assertThat(row.path("p99_ms").asDouble()).isEqualTo(30);
        assertThat(row.path("gflops").asDouble()).isEqualTo(50);
        assertThat(row.path("share_of_peak").asDouble()).isEqualTo(0.5);
        assertThat(row.path("ratio_to_best_peer").asDouble()).isEqualTo(1.25);
        assertThat(row.path("median_ms_by_round")).hasSize(1);
    }

    @Test
    void leavesOutFiguresThatDoNotExist() throws Exception {
        JsonNode int8 = json().at("/models/0/network/rows/2");
        assertThat(int8.path("precision").asText()).isEqualTo("int8");
        assertThat(int8.has("ratio_to_best_peer")).isFalse();
        assertThat(json().at("/models/0/starts/rows/1").has("load_ms")).isFalse();
    }

    @Test
    void holdsWholeQuestionsAndBeginnings() throws Exception {
        JsonNode json = json();
        assertThat(json.at("/models/0/questions/rows/0/questions_per_second").asDouble())
                .isEqualTo(8);
        assertThat(json.at("/models/0/questions/rows/0").has("median_ms")).isFalse();
        assertThat(json.at("/models/0/questions/rows/1/median_ms").asDouble()).isEqualTo(200);
        assertThat(json.at("/models/0/starts/rows/0/load_ms").asDouble()).isEqualTo(200);
        assertThat(json.at("/models/0/starts/rows/0/peak_resident_bytes").asDouble())
                .isEqualTo(512.0 * (1 << 20));
        assertThat(json.at("/models/0/starts/rows/1/first_answer_ms").asDouble())
                .isEqualTo(1500);
    }

    @Test
    void holdsAServicesFigures() throws Exception {
        JsonNode service = json().at("/service");
        assertThat(service.path("threads").asInt()).isEqualTo(16);
        assertThat(service.at("/rows/2/p50_ms").asDouble()).isEqualTo(5_000);
        assertThat(service.at("/rows/2/max_ms").asDouble()).isEqualTo(20_000);
        assertThat(service.at("/rows/1/book_windows_per_second").asDouble()).isEqualTo(25);
        assertThat(service.path("batches_waited")).hasSize(3);
        assertThat(service.path("refused_p99_ms").asDouble()).isEqualTo(0.5);
        assertThat(service.path("interrupted_free_max_ms").asDouble()).isEqualTo(3);
        assertThat(service.path("close_ms").asDouble()).isEqualTo(1_234);
    }
}
