package org.distilqa.benchmarks.service;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.distilqa.ClosedException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;

/** A caller who asks about a book, again and again, until it is stopped. */
final class BookReader {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    /** Begins, and returns when the book is being read. */
    BookReader(QuestionAnswerer answerer, QuestionRequest book) throws InterruptedException {
        long before = answerer.statistics().windows();
        thread = new Thread(() -> read(answerer, book), "reader");
        thread.start();
        while (answerer.statistics().windows() == before) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        // From the queue to the device.
        TimeUnit.MILLISECONDS.sleep(100);
    }

    private void read(QuestionAnswerer answerer, QuestionRequest book) {
        try {
            while (!stopped.get()) {
                try {
                    answerer.predict(book);
                } catch (OverloadedException e) {
                    // A question took the room between two books; it is answered soon.
                    Thread.yield();
                }
            }
        } catch (OperationInterruptedException | ClosedException e) {
            // Enough.
        }
    }

    void stop() {
        stopped.set(true);
        thread.interrupt();
    }
}
