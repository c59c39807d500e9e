package org.distilqa.cli.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.Answer;
import org.distilqa.AnswerOptions;
import org.distilqa.text.Document;
import org.distilqa.text.Span;

/**
 * Several documents as one context, so that their answers are one ranking; and the way back from its answers to them. Immutable.
 *
 * <p>As the passages of one request they would need no candidates to choose among, but passages are read once, and a long text's second
 * reading finds more right answers (docs/decoding.md has the figures).
 */
final class JoinedDocuments {
    private static final String SEPARATOR = "\n\n";
    private static final int MOST_ANSWERS = 10_000;

    /** So many that overlap may stand for each that does not. */
    private static final int CANDIDATES = 20;

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

        private boolean overlaps(Found other) {
            return document == other.document && span.start() < other.span.end() && other.span.start() < span.end();
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

    /**
     * Options with which enough answers are left for {@link #found}: of several documents, those that overlap others too, since an answer
     * over a border must not stand in the way of one beside it.
     */
    AnswerOptions options(AnswerOptions options) {
        int candidates = Math.min(MOST_ANSWERS, CANDIDATES * (options.topK() + documents.size()));
        return documents.size() == 1
                ? options
                : options.withOverlappingAnswers(true).withTopK(candidates);
    }

    /**
     * The answers in the documents that they stand in.
     *
     * @param answers those to {@link #text()} with {@link #options}, the best first
     * @param asked the options without that
     */
    List<Found> found(List<Answer> answers, AnswerOptions asked) {
        List<Found> found = new ArrayList<>();
        for (Answer answer : answers) {
            found(answer)
                    .filter(one -> asked.overlappingAnswers()
                            || documents.size() == 1
                            || found.stream().noneMatch(one::overlaps))
                    .ifPresent(found::add);
        }
        return found.subList(0, Math.min(asked.topK(), found.size()));
    }

    /** An answer's document and place; empty if it goes from one document into the next. */
    private Optional<Found> found(Answer answer) {
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
