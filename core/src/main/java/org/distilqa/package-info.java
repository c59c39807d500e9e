/**
 * Extractive question answering with DistilBERT: {@link org.distilqa.QuestionAnswerer} takes a question and a context and
 * gives the exact span of the context that answers it. Here is all that a user needs: the words (requests, options, answers,
 * exceptions), and the door.
 *
 * <p>In comes a {@link org.distilqa.QuestionRequest}, out goes an {@link org.distilqa.Answer}, or a
 * {@link org.distilqa.Prediction} with all that was found. Read {@link org.distilqa.QuestionAnswerer} first; its builder opens a
 * model and devices ({@code org.distilqa.opening}). The way of one question, a file after another:
 *
 * <pre>
 * QuestionAnswerer               answer, predict: all wait for predictAsync
 * ScheduledQuestionAnswerer      what the builder makes
 * execution.Execution, Job       admitted, tokenized, read, decoded
 * execution.ContextReading         which windows are to be read: window.PassageTokens, window.Window
 * schedule.Scheduler               whose windows are read next: schedule.Rotation, schedule.DeviceThread
 * device.Program                   start and end logits of each token
 * decoding.SpanScores              one distribution over the whole context: decoding.Reading, decoding.SecondReading
 * decoding.SpanDecoder             the best spans, at their places in the context
 * Prediction, Answer
 * </pre>
 *
 * <p>Everybody may use the words; nothing behind the door uses the door.
 */
package org.distilqa;
