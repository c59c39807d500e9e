package org.distilqa.benchmarks;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the measuring process asks of a contender's process, one line of JSON each. The end of the input ends the process. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Command.Run.class, name = "run"),
    @JsonSubTypes.Type(value = Command.ShowLogits.class, name = "logits"),
    @JsonSubTypes.Type(value = Command.Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = Command.MultiplyAndAdd.class, name = "multiplyAndAdd"),
    @JsonSubTypes.Type(value = Command.ShowMemory.class, name = "memory")
})
sealed interface Command {

    /**
     * Run the network on one batch again and again.
     *
     * @param shape the batch's shape
     * @param seconds for how long; the run under way is finished
     * @param minimumRuns how many runs at least, however long they take
     */
    record Run(InputShape shape, double seconds, int minimumRuns) implements Command {}

    /**
     * Give the logits of a batch.
     *
     * @param shape the batch's shape
     */
    record ShowLogits(InputShape shape) implements Command {}

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
        SINGLE("one at a time");

        private final String description;

        Mode(String description) {
            this.description = description;
        }

        String description() {
            return description;
        }
    }

    /**
     * Multiply and add as fast as the processor can.
     *
     * @param seconds for how long
     */
    record MultiplyAndAdd(double seconds) implements Command {}

    /** Say how much memory the process has had resident at most. */
    record ShowMemory() implements Command {}
}
