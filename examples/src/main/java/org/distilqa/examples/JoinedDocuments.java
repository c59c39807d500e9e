package org.distilqa.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.Answer;
import org.distilqa.AnswerOptions;
import org.distilqa.text.Document;
import org.distilqa.text.Span;

/** Several documents as one context, so that their answers are one ranking; and the way back from its answers to them. Immutable. */
final class JoinedDocuments {
    private static final String SEPARATOR = "\n\n";
    private static final int MOST_ANSWERS = 10_000;

    private final List<Document> documents;
    private final List<Integer> starts = new ArrayList<>();
    private final String text;

    /**
     * An answer in the document that it stands in.
     *
     * @param document which
     * @param span where in its text
     * @param score as of the answer
     */
    record Found(Document document, Span span, double score) {
        String text() {
            return span.of(document.text());
        }
    }

    JoinedDocuments(List<Document> documents) {
        this.documents = List.copyOf(documents);
        StringBuilder joined = new StringBuilder();
        for (Document document : documents) {
            joined.append(joined.isEmpty() ? "" : SEPARATOR);
            starts.add(joined.length());
            joined.append(document.text());
        }
        text = joined.toString();
    }

    String text() {
        return text;
    }

    /** Options with so many answers that enough are left without those that {@link #found} does not find. */
    AnswerOptions options(AnswerOptions options) {
        // Without those that overlap others, at most one answer goes over each border.
        int over = options.overlappingAnswers() ? options.topK() + documents.size() : documents.size() - 1;
        return documents.size() == 1 ? options : options.withTopK(Math.min(MOST_ANSWERS, options.topK() + over));
    }

    /** An answer's document and place; empty if it goes from one document into the next. */
    Optional<Found> found(Answer answer) {
        int index = 0;
        while (index + 1 < documents.size() && starts.get(index + 1) <= answer.start()) {
            index++;
        }
        Document document = documents.get(index);
        int start = answer.start() - starts.get(index);
        int end = answer.end() - starts.get(index);
        return end > document.text().length()
                ? Optional.empty()
                : Optional.of(new Found(document, new Span(start, end), answer.score()));
    }
}
