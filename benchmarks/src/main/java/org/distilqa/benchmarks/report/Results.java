package org.distilqa.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.service.ServiceResults;
import org.distilqa.benchmarks.worker.Reply;

/**
 * All that was measured.
 *
 * @param time when, in the format of ISO 8601
 * @param machine on what
 * @param jvmOptions the options of every contender's JVM
 * @param models each model that was measured
 * @param service a service with a book and questions, if it was measured
 */
public record Results(
        String time,
        Machine machine,
        List<String> jvmOptions,
        List<ModelResults> models,
        Optional<ServiceResults> service) {

    /** Every contender that said how it is set, with the first model. */
    Map<Contender, Reply.Ready> contenders() {
        Map<Contender, Reply.Ready> contenders = new LinkedHashMap<>();
        models.forEach(model -> model.contenders().forEach(contenders::putIfAbsent));
        service.ifPresent(results -> contenders.putIfAbsent(results.contender(), results.ready()));
        return contenders;
    }
}
