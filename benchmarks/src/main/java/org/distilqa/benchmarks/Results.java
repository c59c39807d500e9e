package org.distilqa.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was measured.
 *
 * @param time when, in the format of ISO 8601
 * @param machine on what
 * @param jvmOptions the options of every contender's JVM
 * @param network the network alone, if it was measured
 * @param questions whole questions, if they were measured
 * @param starts beginnings, if they were measured
 * @param service a service with a book and questions, if it was measured
 */
record Results(
        String time,
        Machine machine,
        List<String> jvmOptions,
        Optional<NetworkResults> network,
        Optional<QuestionsResults> questions,
        Optional<StartResults> starts,
        Optional<ServiceResults> service) {

    /** Every contender that said how it is set, with the network alone or, if it was not there, with whole questions. */
    Map<Contender, Reply.Ready> contenders() {
        Map<Contender, Reply.Ready> contenders = new LinkedHashMap<>();
        network.ifPresent(results -> contenders.putAll(results.contenders()));
        questions.ifPresent(results -> results.contenders().forEach(contenders::putIfAbsent));
        service.ifPresent(results -> contenders.putIfAbsent(results.contender(), results.ready()));
        return contenders;
    }
}
