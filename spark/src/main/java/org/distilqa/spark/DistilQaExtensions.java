package org.distilqa.spark;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Makes {@code answer_question} known to every session: {@code spark.sql.extensions=org.distilqa.spark.DistilQaExtensions}. Its options
 * are those of {@link DistilQa#answer(org.apache.spark.sql.Column, org.apache.spark.sql.Column, java.util.Map)}.
 */
public final class DistilQaExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** Made by Spark. */
    public DistilQaExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        extensions.injectFunction(
                new Tuple3<>(FunctionIdentifier.apply(DistilQa.FUNCTION), AnswerFunction.INFO, new AnswerFunction()));
        extensions.injectPlannerStrategy(Registration::strategy);
        return BoxedUnit.UNIT;
    }
}
