package org.distilqa.benchmarks.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the measuring process asks of a contender's process, one line of JSON each. The end of the input ends the process. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Command.Run.class, name = "run"),
    @JsonSubTypes.Type(value = Command.ShowLogits.class, name = "logits"),
    @JsonSubTypes.Type(value = Command.Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = Command.MultiplyAndAdd.class, name = "multiplyAndAdd"),
    @JsonSubTypes.Type(value = Command.Serve.class, name = "serve"),
    @JsonSubTypes.Type(value = Command.CountBatches.class, name = "countBatches"),
    @JsonSubTypes.Type(value = Command.Refuse.class, name = "refuse"),
    @JsonSubTypes.Type(value = Command.Interrupt.class, name = "interrupt"),
    @JsonSubTypes.Type(value = Command.CloseUnderLoad.class, name = "closeUnderLoad"),
    @JsonSubTypes.Type(value = Command.ShowMemory.class, name = "memory")
})
public sealed interface Command {

    /**
     * Run the network on one batch again and again.
     *
     * @param tokens the ids of each sequence, all of one length
     * @param seconds for how long; the run under way is finished
     * @param minimumRuns how many runs at least, however long they take
     */
    record Run(int[][] tokens, double seconds, int minimumRuns) implements Command {}

    /**
     * Give the logits of a batch.
     *
     * @param tokens the ids of each sequence
     */
    record ShowLogits(int[][] tokens) implements Command {}

    /**
     * Answer some of the questions that the process was started with.
     *
     * @param mode how
     * @param from the first question, from 0
     * @param to one more than the last
     */
    record Answer(Mode mode, int from, int to) implements Command {}

    /** How questions are given to a contender. */
    enum Mode {
        /** All at once; the contender forms the batches. */
        BATCHES("batches"),
        /** Ordered by their length first, so that a batch has little padding. */
        SORTED_BATCHES("batches sorted by length"),
        /** One call for each, one after another. */
        SINGLE("one at a time"),
        /** The windows alone, tokenised beforehand, in batches sorted by length; no answer is looked for. */
        NETWORK("the network alone");

        private final String description;

        Mode(String description) {
            this.description = description;
        }

        public String description() {
            return description;
        }
    }

    /**
     * Multiply and add as fast as the processor can.
     *
     * @param seconds for how long
     */
    record MultiplyAndAdd(double seconds) implements Command {}

    /**
     * Answer questions of one window that many threads ask.
     *
     * @param questions how many
     * @param threads of how many threads, each of which asks again as soon as it has its answer
     * @param beside whether a book is being read all the while
     */
    record Serve(int questions, int threads, boolean beside) implements Command {}

    /**
     * Answer lone questions beside the book, and count the batches that each waits for.
     *
     * @param questions how many
     */
    record CountBatches(int questions) implements Command {}

    /**
     * Refuse requests that find the queue full.
     *
     * @param requests how many
     */
    record Refuse(int requests) implements Command {}

    /**
     * Interrupt callers who wait beside the book.
     *
     * @param callers how many, one after another
     */
    record Interrupt(int callers) implements Command {}

    /**
     * Close the answerer while the book is read and questions are asked. Nothing can be asked of the process afterwards.
     *
     * @param threads how many threads ask
     */
    record CloseUnderLoad(int threads) implements Command {}

    /** Say how much memory the process has had resident at most. */
    record ShowMemory() implements Command {}
}
