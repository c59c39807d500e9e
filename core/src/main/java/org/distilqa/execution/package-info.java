/**
 * The way of requests from their texts to their answers. Not exported.
 *
 * <p>In comes a {@link org.distilqa.QuestionRequest}, or a stream of them ({@code AnswerStream}); out goes a future of its
 * {@link org.distilqa.Prediction}. Read {@link org.distilqa.execution.Execution} first, which knows the steps, then {@code Job}, one
 * request on its way: refused ({@link org.distilqa.execution.RequestLimits}), admitted, tokenized and cut into windows
 * ({@code ContextReading}), read by the devices as often as that wants ({@link org.distilqa.schedule.Scheduler}), decoded.
 * However it ends, its windows leave the queue, its caller and the listener are told the same, once.
 *
 * <p>Callers' threads tokenize short texts, {@code Workers} all that takes longer; devices' threads only hand over.
 */
package org.distilqa.execution;
