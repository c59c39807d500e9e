package org.distilqa;

import java.time.Duration;
import java.util.Optional;
import org.distilqa.device.DeviceInfo;

/**
 * Is told what happens inside a {@link QuestionAnswerer}, for metrics and logs. The methods are called by the threads that do the
 * work, several at a time, and keep them: they must be quick and safe for use by many threads. What they throw is logged, and has
 * no effect on the work.
 */
public interface QuestionAnswererListener {

    /**
     * An answerer was opened, which tells this listener all that follows. Called before {@link QuestionAnswerer.Builder#build}
     * returns.
     *
     * @param answerer which; it may be asked for its {@linkplain QuestionAnswerer#statistics statistics} and its
     *     {@linkplain QuestionAnswerer#devices devices} from then on, as a gauge does
     */
    default void opened(QuestionAnswerer answerer) {}

    /**
     * An answerer was closed. A listener that has kept it lets go of it, so that its memory is freed.
     *
     * @param answerer the object that {@link #opened} was told
     */
    default void closed(QuestionAnswerer answerer) {}

    /**
     * A device ran a batch, or failed to.
     *
     * @param batch which
     */
    default void batchRead(Batch batch) {}

    /**
     * A request came to its end.
     *
     * @param request how
     */
    default void requestEnded(Request request) {}

    /**
     * A device failed for good. Its work goes to the next one; if there is none, all requests fail.
     *
     * @param device which
     * @param failure why
     */
    default void deviceLost(DeviceInfo device, QuestionAnsweringException failure) {}

    /** A run of the network. Implemented by the library alone. */
    interface Batch {
        /**
         * The device's name.
         *
         * @return the name of its provider
         */
        String device();

        /**
         * How many windows it had.
         *
         * @return at least 1
         */
        int windows();

        /**
         * How many tokens they had together.
         *
         * @return the sum of their lengths
         */
        long tokens();

        /**
         * How long the longest was: a device that pads to it computes {@code longest() * windows()} tokens.
         *
         * @return its tokens
         */
        int longest();

        /**
         * How long the device took.
         *
         * @return the time
         */
        Duration ran();

        /**
         * How much waited when it was ready.
         *
         * @return windows that no device has taken, with an estimate for requests that were not cut into windows yet
         */
        int pendingWindows();

        /**
         * Why the device failed.
         *
         * @return what it threw; empty if it did not fail
         */
        Optional<Throwable> failure();
    }

    /** A request at its end. Implemented by the library alone. */
    interface Request {
        /**
         * What became of it.
         *
         * @return its end
         */
        End end();

        /**
         * How many windows were read for it.
         *
         * @return 0 if it was not answered
         */
        int windows();

        /**
         * How long it took from when it was given to the answerer.
         *
         * @return the time
         */
        Duration took();

        /**
         * How much of that it waited for room in the queue, and for a device to begin.
         *
         * @return the time, for all its readings; of a request that was given up while it waited, until then
         */
        Duration waited();

        /**
         * How much waited for the devices then.
         *
         * @return windows that no device has taken, with an estimate for requests that were not cut into windows yet
         */
        int pendingWindows();
    }

    /** What became of a request. */
    enum End {
        /** It was answered. */
        ANSWERED,
        /** It could not be used: {@link InvalidRequestException}. */
        INVALID,
        /** It found the queue full: {@link OverloadedException}. */
        REJECTED,
        /** The caller cancelled it or was interrupted. */
        CANCELLED,
        /** Its time was over: {@link DeadlineExceededException}. */
        EXPIRED,
        /** A device or something else failed. */
        FAILED,
        /** The answerer was closed: {@link ClosedException}. */
        CLOSED
    }
}
