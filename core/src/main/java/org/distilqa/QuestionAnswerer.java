package org.distilqa;

import java.nio.file.Path;
import java.util.List;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.model.HubOptions;

/** Skeleton: the public surface; bodies follow. */
public final class QuestionAnswerer implements AutoCloseable {
    /** The model taken when none is named. */
    public static final String DEFAULT_MODEL = "distilbert/distilbert-base-uncased-distilled-squad";

    private QuestionAnswerer() {}

    /**
     * See tags.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The best answer.
     *
     * @param question q
     * @param context c
     * @return answer
     */
    public Answer answer(String question, String context) {
        return predict(QuestionRequest.of(question, context)).best();
    }

    /**
     * The best topK answers.
     *
     * @param request r
     * @return answers
     */
    public List<Answer> answer(QuestionRequest request) {
        return predict(request).answers();
    }

    /**
     * Results in the requests' order.
     *
     * @param requests r
     * @return answers for each
     */
    public List<List<Answer>> answerAll(List<QuestionRequest> requests) {
        return predictAll(requests).stream().map(Prediction::answers).toList();
    }

    /**
     * Answers, no-answer score and number of windows.
     *
     * @param request r
     * @return p
     */
    public Prediction predict(QuestionRequest request) {
        return predictAll(List.of(request)).get(0);
    }

    /**
     * As predict, for many.
     *
     * @param requests r
     * @return p
     */
    public List<Prediction> predictAll(List<QuestionRequest> requests) {
        throw new UnsupportedOperationException();
    }

    /**
     * See tags.
     *
     * @return the device's description and counters
     */
    public DeviceInfo device() {
        throw new UnsupportedOperationException();
    }

    /**
     * See tags.
     *
     * @return counters and times so far
     */
    public Statistics statistics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    /** Settings of a QuestionAnswerer. */
    public static final class Builder {
        private Builder() {}

        /**
         * See tags.
         *
         * @param model hub id or directory
         * @return this
         */
        public Builder model(String model) {
            return this;
        }

        /**
         * See tags.
         *
         * @param directory a checkpoint's directory
         * @return this
         */
        public Builder model(Path directory) {
            return this;
        }

        /**
         * See tags.
         *
         * @param revision branch, tag or commit of the hub's repository, default main
         * @return this
         */
        public Builder revision(String revision) {
            return this;
        }

        /**
         * See tags.
         *
         * @param options cache, endpoint, token, offline; default HubOptions.fromEnvironment()
         * @return this
         */
        public Builder hub(HubOptions options) {
            return this;
        }

        /**
         * See tags.
         *
         * @param name auto or a provider's name; default {@link Devices#AUTO}
         * @return this
         */
        public Builder device(String name) {
            return this;
        }

        /**
         * See tags.
         *
         * @param options default {@link DeviceOptions#none()}
         * @return this
         */
        public Builder deviceOptions(DeviceOptions options) {
            return this;
        }

        /**
         * See tags.
         *
         * @param batchSize windows a run at most; default the device's
         * @return this
         */
        public Builder batchSize(int batchSize) {
            return this;
        }

        /**
         * See tags.
         *
         * @return open answerer
         */
        public QuestionAnswerer build() {
            return new QuestionAnswerer();
        }
    }
}
