package org.distilqa.search;

import org.distilqa.Answer;
import org.distilqa.search.DocumentAnswer.Passage;

/**
 * A passage that a search has found.
 *
 * @param document its document's name
 * @param title its document's title
 * @param passage its text and place
 * @param places the lines and pages of its file
 * @param score how well it fits the question: BM25
 */
record IndexedPassage(String document, String title, Passage passage, LinePages places, float score) {

    /** An answer in the passage, at its place in the document. */
    DocumentAnswer placed(Answer answer) {
        return new DocumentAnswer(
                document,
                title,
                answer.text(),
                passage.start() + answer.start(),
                passage.start() + answer.end(),
                places.line(answer.start()),
                places.page(answer.start()),
                passage,
                answer.score());
    }

    FoundPassage found() {
        return new FoundPassage(document, title, passage, places.line(0), places.page(0), score);
    }
}
