package org.distilqa.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/** What is sent to the executors: answers the rows of a partition. */
@SuppressWarnings("serial") // Read by the same version that has written it. Spark's own sequences can be serialized.
final class AnsweredPartition extends AbstractFunction1<Iterator<InternalRow>, Iterator<InternalRow>>
        implements Serializable {
    private final ArrayList<AnswerQuestion> calls;
    private final Seq<Attribute> input;
    private final Seq<Attribute> output;
    private final SQLMetric answered;
    private final SQLMetric failed;

    /**
     * @param input the columns of the rows
     * @param output the same, and one more for each call
     * @param answered counts answers
     * @param failed counts what an error came of
     */
    AnsweredPartition(
            List<AnswerQuestion> calls,
            Seq<Attribute> input,
            Seq<Attribute> output,
            SQLMetric answered,
            SQLMetric failed) {
        this.calls = new ArrayList<>(calls);
        this.input = input;
        this.output = output;
        this.answered = answered;
        this.failed = failed;
    }

    @Override
    public Iterator<InternalRow> apply(Iterator<InternalRow> rows) {
        if (!rows.hasNext()) {
            return rows; // An empty partition needs no model.
        }
        List<Expression> arguments = new ArrayList<>();
        List<Answering> answering = new ArrayList<>();
        for (AnswerQuestion call : calls) {
            arguments.add(call.question());
            arguments.add(call.context());
            answering.add(new Answering(call.options()));
        }
        AnsweredRows answers = new AnsweredRows(
                rows,
                UnsafeProjection.create(ScalaSeq.of(arguments), input),
                answering,
                UnsafeProjection.create(ScalaSeq.<Expression>of(ScalaSeq.toList(output)), output),
                new AnsweredRows.Counters(answered, failed));
        TaskCompletionListener giveUp = task -> answers.cancel();
        TaskContext.get().addTaskCompletionListener(giveUp);
        return answers;
    }
}
