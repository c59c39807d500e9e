package org.distilqa;

/**
 * An answer to a request about several passages.
 *
 * @param passage the number of the passage that it is a part of, from 0
 * @param answer the answer, at its place in that passage: {@code passage.substring(start, end)} is its text
 */
public record PassageAnswer(int passage, Answer answer) {}
