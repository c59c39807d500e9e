package org.distilqa.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.QuestionAnswerer;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    private static final Pattern PRINTED = Pattern.compile("```text\\R(# HELP distilqa_.*?)```", Pattern.DOTALL);

    @Test
    void theTextInTheDocumentationIsWhatPrometheusReads() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        String text;
        try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                .model(QuestionAnswerer.BUNDLED_MODEL)
                .device("cpu")
                .listener(new QuestionAnswererMetrics(registry))
                .build()) {
            for (int i = 0; i < 20; i++) {
                answerer.answer("Who built the mill?", "The mill was built by Ada Quill in 1912.");
            }
            text = registry.scrape();
        }
        Files.writeString(Path.of("target", "prometheus.txt"), text);
        Matcher documented = PRINTED.matcher(Files.readString(Path.of("..", "docs", "service.md")));
        assertThat(documented.find()).isTrue();
        assertThat(withoutFigures(documented.group(1)))
                .as("but for the figures; the text of this run is in target/prometheus.txt")
                .isEqualTo(withoutFigures(text));
    }

    private static List<String> withoutFigures(String text) {
        return text.lines()
                .map(line -> line.startsWith("#") ? line : line.replaceFirst(" [^ ]+$", ""))
                .toList();
    }
}
