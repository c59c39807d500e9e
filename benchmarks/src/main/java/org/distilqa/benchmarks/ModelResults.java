package org.distilqa.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that was measured of a model.
 *
 * @param model what it is called
 * @param network the network alone, if it was measured
 * @param questions whole questions, if they were measured
 * @param starts beginnings, if they were measured
 */
record ModelResults(
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
