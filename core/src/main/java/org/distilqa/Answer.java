package org.distilqa;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * A span of the context, or the statement that there is none.
 *
 * @param text the span, letter for letter: {@code context.substring(start, end)}; empty if there is no answer
 * @param start where it starts in the context, in UTF-16 units
 * @param end where it ends, exclusive
 * @param score how sure the model is, from 0 to 1: the probability, over the whole context, that the answer starts there
 *     times the probability that it ends there, added up over spans of the same text in the window of the likeliest one
 */
public record Answer(String text, int start, int end, double score) {

    /**
     * The statement that the context holds no answer: an empty text at 0..0.
     *
     * @param score how sure the model is of that
     * @return the empty answer
     */
    public static Answer none(double score) {
        return new Answer("", 0, 0, score);
    }

    /**
     * Whether this says that there is no answer. Not a part of it: Jackson leaves it out.
     *
     * @return whether the text is empty
     */
    @JsonIgnore
    public boolean isEmpty() {
        return text.isEmpty();
    }
}
