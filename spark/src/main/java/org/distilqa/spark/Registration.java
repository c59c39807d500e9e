package org.distilqa.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.SparkStrategy;

/** Makes the function known to a session of the driver. */
final class Registration {
    private Registration() {}

    static void register(SparkSession session) {
        synchronized (session) {
            List<SparkStrategy> strategies =
                    new ArrayList<>(ScalaSeq.toList(session.experimental().extraStrategies()));
            if (strategies.stream().noneMatch(AnswerQuestionsStrategy.class::isInstance)) {
                strategies.add(strategy(session));
                session.experimental().extraStrategies_$eq(ScalaSeq.of(strategies));
            }
            session.sessionState()
                    .functionRegistry()
                    .createOrReplaceTempFunction(DistilQa.FUNCTION, new AnswerFunction(), "java_udf");
        }
    }

    static SparkStrategy strategy(org.apache.spark.sql.SparkSession session) {
        Engines.closeWith(session.sparkContext());
        return new AnswerQuestionsStrategy();
    }
}
