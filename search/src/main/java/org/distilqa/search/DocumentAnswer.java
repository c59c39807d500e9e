package org.distilqa.search;

/**
 * An answer, and where it stands.
 *
 * @param document the name of its document: what it was indexed as; of a file its absolute path
 * @param title the document's title; its name if it has none
 * @param text the answer, letter for letter: {@code document.text().substring(start, end)}
 * @param start where it starts in the document's text, in UTF-16 units
 * @param end where it ends, exclusive
 * @param line the line of the document's file that it starts in, from 1; of a PDF or a Word document the line of the text in it
 * @param page the page that it starts in, from 1; 0 if the document has no pages
 * @param passage the passage that it was read in
 * @param score how sure the model is, from 0 to 1: its probability among all answers in all passages that were read, and "no answer"
 */
public record DocumentAnswer(
        String document,
        String title,
        String text,
        int start,
        int end,
        int line,
        int page,
        Passage passage,
        double score) {

    /**
     * A part of a document that was read as a whole.
     *
     * @param text its text
     * @param start where it starts in the document's text, in UTF-16 units
     */
    public record Passage(String text, int start) {}
}
