/**
 * From what the network said of windows to answers. Not exported.
 *
 * <p>In come the start and end logits of a context's windows, each of which becomes a {@link org.distilqa.decoding.Reading}. All of
 * them are one distribution over the context, {@link org.distilqa.decoding.SpanScores}, which is the class to read first;
 * {@link org.distilqa.decoding.SecondReading} says which places are to be read once more. Out go the best answers, which
 * {@link org.distilqa.decoding.SpanDecoder} finds among the spans ({@code BestSpans}) and puts at their places in the text
 * ({@code AnswerBoundaries}: whole words, {@code Values} and {@code Graphemes}).
 *
 * <p>Nothing here knows a device or a request. The rules, and what each of them brings, are in {@code docs/decoding.md}.
 */
package org.distilqa.decoding;
