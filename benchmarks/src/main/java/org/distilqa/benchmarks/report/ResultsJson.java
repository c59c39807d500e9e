package org.distilqa.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.distilqa.benchmarks.measurement.QuestionsResults;
import org.distilqa.benchmarks.measurement.Samples;
import org.distilqa.benchmarks.measurement.StartResults;
import org.distilqa.benchmarks.service.ServiceResults;

/** The results as JSON, for programs. A figure that does not exist is left out. */
final class ResultsJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ResultsJson() {}

    public static String of(Results results) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("time", results.time());
        Machine machine = results.machine();
        root.putObject("machine")
                .put("processor", machine.processor())
                .put("processors", machine.processors())
                .put("memory_bytes", machine.memoryBytes())
                .put("system", machine.system())
                .put("jdk", machine.jdk());
        root.set("jvm_options", MAPPER.valueToTree(results.jvmOptions()));
        ArrayNode contenders = root.putArray("contenders");
        results.contenders()
                .forEach((contender, ready) -> described(contenders, contender)
                        .put("description", ready.description())
                        .set("settings", MAPPER.valueToTree(ready.settings())));
        ArrayNode models = root.putArray("models");
        for (ModelResults model : results.models()) {
            ObjectNode node = models.addObject().put("model", model.model());
            model.network().ifPresent(network -> add(node, network));
            model.questions().ifPresent(questions -> add(node, questions));
            model.starts().ifPresent(starts -> add(node, starts));
        }
        results.service().ifPresent(service -> add(root, service));
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("the results cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static ObjectNode described(ArrayNode array, Contender contender) {
        return array.addObject()
                .put("contender", contender.toString())
                .put("label", contender.label())
                .put("precision", contender.precision())
                .put("peer", contender.isPeer());
    }

    private static void add(ObjectNode root, NetworkResults network) {
        ObjectNode node = root.putObject("network");
        ObjectNode peaks = node.putObject("peak_gflops");
        network.peaks().keySet().forEach(precision -> put(peaks, precision, network.peak(precision)));
        node.set("peak_gflops_by_round", MAPPER.valueToTree(network.peaks()));
        ObjectNode differences = node.putObject("largest_difference_of_logits");
        network.differences().forEach((contender, value) -> differences.put(contender.toString(), value));
        ArrayNode rows = node.putArray("rows");
        for (NetworkResults.Row row : network.rows()) {
            ObjectNode object = rows.addObject()
                    .put("shape", row.shape().toString())
                    .put("contender", row.contender().toString())
                    .put("label", row.contender().label())
                    .put("precision", row.contender().precision())
                    .put("operations", row.operations())
                    .put("runs", row.milliseconds().length)
                    .put("median_ms", row.median())
                    .put("p99_ms", row.p99())
                    .put("gflops", row.gflops());
            put(object, "share_of_peak", network.shareOfPeak(row));
            put(object, "ratio_to_best_peer", row.ratio());
            object.set(
                    "median_ms_by_round",
                    MAPPER.valueToTree(
                            row.rounds().stream().map(Samples::median).toList()));
        }
    }

    private static void add(ObjectNode root, QuestionsResults questions) {
        ObjectNode node = root.putObject("questions").put("count", questions.questions());
        ArrayNode rows = node.putArray("rows");
        for (QuestionsResults.Row row : questions.rows()) {
            ObjectNode object = rows.addObject()
                    .put("contender", row.contender().toString())
                    .put("label", row.contender().label())
                    .put("precision", row.contender().precision())
                    .put("mode", row.mode().description())
                    .put("questions_per_second", questions.questionsPerSecond(row));
            if (row.single().length > 0) {
                object.put("median_ms", Samples.median(row.single()));
                object.put("p99_ms", Samples.percentile(99, row.single()));
            }
            put(object, "peak_resident_bytes", questions.memory(row.contender()));
            put(object, "ratio_to_best_peer", row.ratio());
            put(object, "ratio_to_best_network_alone", row.ratioToNetwork());
            object.set("ms_by_part", MAPPER.valueToTree(row.sliceMilliseconds()));
        }
    }

    private static void add(ObjectNode root, StartResults starts) {
        ObjectNode node = root.putObject("starts")
                .put("memory_shape", starts.memoryShape().toString());
        ArrayNode rows = node.putArray("rows");
        for (StartResults.Row row : starts.rows()) {
            ObjectNode object = rows.addObject()
                    .put("contender", row.contender().toString())
                    .put("label", row.contender().label());
            put(object, "load_ms", row.load());
            put(object, "peak_resident_bytes", row.memory());
            put(object, "first_answer_ms", row.firstAnswer());
        }
    }

    private static void add(ObjectNode root, ServiceResults service) {
        ObjectNode node = root.putObject("service")
                .put("contender", service.contender().toString())
                .put("threads", service.threads())
                .put("book_characters", service.bookCharacters());
        ArrayNode rows = node.putArray("rows");
        for (ServiceResults.Row row : service.rows()) {
            rows.addObject()
                    .put("way", row.way())
                    .put("questions", row.milliseconds().length)
                    .put("p50_ms", row.percentile(50))
                    .put("p90_ms", row.percentile(90))
                    .put("p99_ms", row.percentile(99))
                    .put("max_ms", row.percentile(100))
                    .put("questions_per_second", row.questionsPerSecond())
                    .put("book_windows_per_second", row.bookWindowsPerSecond());
        }
        node.set("batches_waited", MAPPER.valueToTree(service.batches()));
        node.put("refused_p99_ms", Samples.percentile(99, service.refusedMilliseconds()));
        node.put("refused_median_ms", Samples.median(service.refusedMilliseconds()));
        node.put("interrupted_free_max_ms", Samples.percentile(100, service.freedMilliseconds()));
        node.put("interrupted_free_median_ms", Samples.median(service.freedMilliseconds()));
        node.put("close_ms", service.closeMilliseconds());
    }

    private static void put(ObjectNode object, String name, OptionalDouble value) {
        value.ifPresent(number -> object.put(name, number));
    }
}
