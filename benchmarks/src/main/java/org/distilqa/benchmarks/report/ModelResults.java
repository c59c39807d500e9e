package org.distilqa.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.distilqa.benchmarks.measurement.QuestionsResults;
import org.distilqa.benchmarks.measurement.StartResults;
import org.distilqa.benchmarks.worker.Reply;

/**
 * All that was measured of a model.
 *
 * @param model what it is called
 * @param network the network alone, if it was measured
 * @param questions whole questions, if they were measured
 * @param starts beginnings, if they were measured
 */
public record ModelResults(
        String model,
        Optional<NetworkResults> network,
        Optional<QuestionsResults> questions,
        Optional<StartResults> starts) {

    /** Every contender that said how it is set, with the network alone or, if it was not there, with whole questions. */
    Map<Contender, Reply.Ready> contenders() {
        Map<Contender, Reply.Ready> contenders = new LinkedHashMap<>();
        network.ifPresent(results -> contenders.putAll(results.contenders()));
        questions.ifPresent(results -> results.contenders().forEach(contenders::putIfAbsent));
        return contenders;
    }
}
