package org.distilqa.search;

/**
 * A passage that shares words with a question.
 *
 * @param document the name of its document
 * @param title the document's title; its name if it has none
 * @param passage its text and place
 * @param line the line of the document's file that it starts in, from 1
 * @param page the page that it starts in, from 1; 0 if the document has no pages
 * @param score how well it fits the question, more than 0: BM25, to be compared within one search
 */
public record FoundPassage(
        String document, String title, DocumentAnswer.Passage passage, int line, int page, double score) {}
