package org.distilqa.cli.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.distilqa.ClosedException;
import org.distilqa.DeviceLostException;
import org.distilqa.Outcome;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;
import org.distilqa.cli.io.ProgressBar;
import org.distilqa.cli.options.AnswerSettings;
import org.distilqa.cli.options.RefusedOption;

/**
 * Answers rows, with a bounded number of them under way, and writes what becomes of each in their order. A row that cannot be answered is
 * written with the reason; a device that is lost ends it all, and so does an option out of its range.
 */
final class Batch {
    /** How many rows that cannot be asked may wait for those before them to be answered. */
    private static final int MOST_WAITING = 10_000;

    private final QuestionAnswerer answerer;
    private final AnswerSettings settings;
    private final BatchRows rows;
    private final BatchOutput output;
    private final ProgressBar bar;

    /** Those that were read and not written. */
    private final Deque<BatchRow> waiting = new ArrayDeque<>();

    Batch(QuestionAnswerer answerer, AnswerSettings settings, BatchRows rows, BatchOutput output, ProgressBar bar) {
        this.answerer = answerer;
        this.settings = settings;
        this.rows = rows;
        this.output = output;
        this.bar = bar;
    }

    void run() {
        while (rows.hasNext()) {
            Spliterator<QuestionRequest> requests =
                    Spliterators.spliteratorUnknownSize(new Requests(), Spliterator.ORDERED | Spliterator.NONNULL);
            try (Stream<Outcome> outcomes = answerer.answerStream(StreamSupport.stream(requests, false))) {
                outcomes.forEachOrdered(this::write);
            }
            writeBroken();
        }
    }

    /** The requests of the rows that are next, until too many that are none wait behind them. */
    private final class Requests implements Iterator<QuestionRequest> {
        private QuestionRequest request;

        @Override
        public boolean hasNext() {
            while (request == null && waiting.size() < MOST_WAITING && rows.hasNext()) {
                BatchRow row = rows.next();
                request = row.request();
                waiting.add(row);
                writeBroken();
            }
            return request != null;
        }

        @Override
        public QuestionRequest next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            QuestionRequest next = request;
            request = null;
            return next;
        }
    }

    /** Writes those at the head that have nothing to wait for. */
    private void writeBroken() {
        while (!waiting.isEmpty() && waiting.peek().request() == null) {
            BatchRow row = waiting.remove();
            output.write(row.number(), row.failed(row.error()), true);
        }
    }

    private void write(Outcome outcome) {
        BatchRow row = waiting.remove();
        QuestionAnsweringException failure = outcome.failure().orElse(null);
        // No other row would fare better.
        if (failure instanceof DeviceLostException
                || failure instanceof ClosedException
                || RefusedOption.isReasonOf(failure)) {
            throw failure;
        }
        output.write(
                row.number(),
                failure == null
                        ? row.answered(outcome.prediction(), settings)
                        : row.failed("row " + row.number() + ": " + failure.getMessage()),
                failure != null);
        writeBroken();
        if (rows.share() < 0) {
            bar.update(output.written(), 0);
        } else {
            // Of what was read, some is not answered yet.
            bar.updateShare(output.written(), rows.share() * row.number() / rows.lines());
        }
    }
}
