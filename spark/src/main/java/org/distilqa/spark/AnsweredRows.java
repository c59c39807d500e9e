package org.distilqa.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/**
 * The rows of a task with their answers, in their order. It reads ahead, so that the engine has many questions to put into its batches:
 * {@value #ROWS_AHEAD} rows at most, and fewer if they are large. For one thread.
 */
final class AnsweredRows extends AbstractIterator<InternalRow> {
    /** Enough for windows of like length to be found among them, and for the device to be busy while rows are read. */
    static final int ROWS_AHEAD = 512;

    /** Of rows and texts. One row may be larger; then it is alone. */
    static final long BYTES_AHEAD = 32L << 20;

    /** A byte of text is up to two in a Java string, and about as much again in tokens. */
    private static final int BYTES_PER_BYTE_OF_TEXT = 4;

    record Counters(SQLMetric answered, SQLMetric failed) {}

    /** A row, and for each call the question under way; null where an argument is null. */
    private record Ahead(InternalRow row, List<Answering.Question> questions, long bytes) {}

    private final Iterator<InternalRow> rows;
    private final UnsafeProjection arguments;
    private final List<Answering> answering;
    private final UnsafeProjection output;
    private final Counters counters;
    private final JoinedRow joined = new JoinedRow();
    private final Deque<Ahead> ahead = new ArrayDeque<>();
    private long bytesAhead;

    /**
     * @param rows the rows
     * @param arguments gives question and context for each call
     * @param answering one for each call
     * @param output makes one row of a row and its answers
     */
    AnsweredRows(
            Iterator<InternalRow> rows,
            UnsafeProjection arguments,
            List<Answering> answering,
            UnsafeProjection output,
            Counters counters) {
        this.rows = rows;
        this.arguments = arguments;
        this.answering = answering;
        this.output = output;
        this.counters = counters;
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty() || rows.hasNext();
    }

    @Override
    public InternalRow next() {
        readAhead();
        Ahead first = ahead.poll();
        if (first == null) {
            throw new NoSuchElementException("there are no more rows");
        }
        bytesAhead -= first.bytes();
        Object[] answers = new Object[answering.size()];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = answer(answering.get(i), first.questions().get(i));
        }
        return output.apply(joined.apply(first.row(), new GenericInternalRow(answers)));
    }

    private InternalRow answer(Answering how, Answering.Question question) {
        if (question == null) {
            return null;
        }
        InternalRow answer = how.finish(question);
        (how.isFailure(answer) ? counters.failed() : counters.answered()).add(1);
        return answer;
    }

    private void readAhead() {
        while (ahead.size() < ROWS_AHEAD && bytesAhead < BYTES_AHEAD && rows.hasNext()) {
            Ahead next = start(rows.next());
            bytesAhead += next.bytes();
            ahead.add(next);
        }
    }

    private Ahead start(InternalRow row) {
        UnsafeRow texts = arguments.apply(row);
        long bytes = row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : texts.getSizeInBytes();
        List<Answering.Question> questions = new ArrayList<>();
        for (int i = 0; i < answering.size(); i++) {
            UTF8String question = texts.getUTF8String(2 * i);
            UTF8String context = texts.getUTF8String(2 * i + 1);
            if (question == null || context == null) {
                questions.add(null);
            } else {
                bytes += (long) BYTES_PER_BYTE_OF_TEXT * (question.numBytes() + context.numBytes());
                questions.add(answering.get(i).start(question, context));
            }
        }
        // Whoever gives the rows writes the next into the same memory.
        return new Ahead(row.copy(), questions, bytes);
    }

    /** Gives up what is under way: at the end of the task, which may have been killed, or wants no more rows. */
    void cancel() {
        for (Ahead one : ahead) {
            one.questions().stream()
                    .filter(Objects::nonNull)
                    .forEach(question -> question.prediction().cancel(true));
        }
        ahead.clear();
    }
}
