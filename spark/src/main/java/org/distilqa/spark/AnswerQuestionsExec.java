package org.distilqa.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag$;

/**
 * Adds to each row the answers of some calls, many rows at a time: {@link AnsweredRows} says how. Rows keep their order and partitions.
 *
 * <p>Public because Spark copies plans by reflection; made by {@link AnswerQuestionsStrategy}.
 *
 * @serial exclude
 */
@SuppressWarnings("serial") // As all plans of Spark, it does not leave the driver.
public final class AnswerQuestionsExec extends SparkPlan {
    private static final String ANSWERED = "answered";
    private static final String FAILED = "failed";

    private final Seq<Alias> answers;
    private final SparkPlan child;
    private transient Map<String, SQLMetric> metrics;

    /**
     * A step of a plan.
     *
     * @param answers the calls, each an {@link AnswerQuestion} under its name
     * @param child where the rows come from
     */
    public AnswerQuestionsExec(Seq<Alias> answers, SparkPlan child) {
        this.answers = answers;
        this.child = child;
    }

    @Override
    public Seq<Attribute> output() {
        List<Attribute> output = new ArrayList<>(ScalaSeq.toList(child.output()));
        ScalaSeq.toList(answers).forEach(answer -> output.add(answer.toAttribute()));
        return ScalaSeq.of(output);
    }

    @Override
    public RDD<InternalRow> doExecute() {
        List<AnswerQuestion> calls = ScalaSeq.toList(answers).stream()
                .map(answer -> (AnswerQuestion) answer.child())
                .toList();
        AnsweredPartition partition = new AnsweredPartition(
                calls,
                child.output(),
                output(),
                metrics().apply(ANSWERED),
                metrics().apply(FAILED));
        return child.execute().mapPartitionsInternal(partition, true, ClassTag$.MODULE$.apply(InternalRow.class));
    }

    @Override
    public synchronized Map<String, SQLMetric> metrics() {
        if (metrics == null) {
            metrics = Map.<String, SQLMetric>from(scala.jdk.javaapi.CollectionConverters.asScala(java.util.Map.of(
                    ANSWERED, SQLMetrics.createMetric(sparkContext(), "answers"),
                    FAILED, SQLMetrics.createMetric(sparkContext(), "rows with an error"))));
        }
        return metrics;
    }

    @Override
    public Partitioning outputPartitioning() {
        return child.outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child.outputOrdering();
    }

    @Override
    public Seq<SparkPlan> children() {
        return ScalaSeq.of(child);
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
        return new AnswerQuestionsExec(answers, children.apply(0));
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> answers;
            case 1 -> child;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof AnswerQuestionsExec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AnswerQuestionsExec plan && answers.equals(plan.answers) && child.equals(plan.child);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
