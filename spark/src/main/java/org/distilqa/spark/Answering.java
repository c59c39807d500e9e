package org.distilqa.spark;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.distilqa.Answer;
import org.distilqa.InvalidRequestException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;

/** Answers the rows of a task: starts a question, and makes a value of the column of what became of it. For one task's thread. */
final class Answering {
    /** How soon a task that was killed without an interrupt, as Spark does by default, notices it. */
    private static final long LOOK_AT_TASK_MILLIS = 50;

    /** A question under way. */
    record Question(String context, CompletableFuture<Prediction> prediction) {}

    private final ColumnOptions options;
    private final QuestionAnswerer answerer;

    Answering(ColumnOptions options) {
        this.options = options;
        this.answerer = Engines.of(options.engine()).answerer(options.answer());
    }

    /** Starts a question, without waiting for its answer unless the engine's queue is full. */
    Question start(UTF8String question, UTF8String context) {
        String text = context.toString();
        try {
            return new Question(
                    text, answerer.predictAsync(new QuestionRequest(question.toString(), text, options.answer())));
        } catch (InvalidRequestException e) {
            return new Question(text, CompletableFuture.failedFuture(e));
        }
    }

    /**
     * Waits for the answer.
     *
     * @return a value of the column's type
     * @throws QuestionAnsweringException if there is none, and rows are to fail or no row can be answered any more: then Spark
     *     tries the task again
     */
    InternalRow finish(Question question) {
        try {
            return answered(question.context(), await(question.prediction()).best());
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (QuestionAnsweringException e) {
            if (options.failOnError() || !answerer.availability().available()) {
                throw e;
            }
            return new GenericInternalRow(
                    new Object[] {null, null, null, null, UTF8String.fromString(String.valueOf(e.getMessage()))});
        }
    }

    /** Whether a value tells why there is no answer. */
    boolean isFailure(InternalRow value) {
        return !options.failOnError() && !value.isNullAt(4);
    }

    private InternalRow answered(String context, Answer answer) {
        UTF8String text = UTF8String.fromString(answer.text());
        int start = offset(context, answer.start());
        int end = start + (options.utf16Offsets() ? answer.text().length() : text.numChars());
        return options.failOnError()
                ? new GenericInternalRow(new Object[] {text, start, end, answer.score()})
                : new GenericInternalRow(new Object[] {text, start, end, answer.score(), null});
    }

    private int offset(String context, int utf16) {
        return options.utf16Offsets() ? utf16 : context.codePointCount(0, utf16);
    }

    private static Prediction await(CompletableFuture<Prediction> prediction) {
        TaskContext task = TaskContext.get();
        while (true) {
            try {
                return prediction.get(LOOK_AT_TASK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                killIfAsked(task);
            } catch (InterruptedException e) {
                prediction.cancel(true);
                killIfAsked(task);
                Thread.currentThread().interrupt();
                throw new OperationInterruptedException("interrupted while waiting for the device", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof QuestionAnsweringException failure
                        ? failure
                        : new QuestionAnsweringException("answering failed: " + e.getCause(), e.getCause());
            }
        }
    }

    private static void killIfAsked(TaskContext task) {
        if (task != null) {
            task.killTaskIfInterrupted();
        }
    }
}
