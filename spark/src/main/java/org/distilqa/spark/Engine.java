package org.distilqa.spark;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.distilqa.AnswerOptions;
import org.distilqa.ClosedException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;

/**
 * The answerer of all tasks of an executor with the same options: opened by the first of them, and anew by the next one if its devices
 * were lost. Safe for use by many threads; who waits for another to open it can be interrupted.
 */
final class Engine {
    private final EngineOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<AnswerOptions> tried = new HashSet<>();
    private QuestionAnswerer open;
    private boolean closed;

    Engine(EngineOptions options) {
        this.options = options;
    }

    /**
     * The answerer.
     *
     * @param answer the options of the rows to come, which are tried once: what does not fit the model is no fault of any row
     * @throws InvalidConfigurationException if they do not fit the model
     * @throws org.distilqa.QuestionAnsweringException if it cannot be opened
     */
    QuestionAnswerer answerer(AnswerOptions answer) {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while another task opens the model", e);
        }
        try {
            if (closed) {
                throw new ClosedException("the executor is ending");
            }
            if (open != null && !open.availability().available()) {
                closeAnswerer();
            }
            if (open == null) {
                open = options.open();
            }
            tryOnce(answer);
            return open;
        } finally {
            lock.unlock();
        }
    }

    private void tryOnce(AnswerOptions answer) {
        if (tried.contains(answer)) {
            return;
        }
        try {
            open.predict(QuestionRequest.of("Who?", "Ada.").withOptions(answer));
        } catch (InvalidRequestException e) {
            throw new InvalidConfigurationException(
                    "the options of " + DistilQa.FUNCTION + " do not fit the model " + options.model() + ": "
                            + e.getMessage(),
                    e);
        }
        tried.add(answer);
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            closeAnswerer();
        } finally {
            lock.unlock();
        }
    }

    private void closeAnswerer() {
        tried.clear();
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
