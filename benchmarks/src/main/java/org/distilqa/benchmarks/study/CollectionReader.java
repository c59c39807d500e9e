package org.distilqa.benchmarks.study;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.distilqa.Answer;
import org.distilqa.AnswerOptions;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.search.DocumentAnswerer;
import org.distilqa.search.FoundPassage;

/** A way to an answer from a collection. */
sealed interface CollectionReader {
    /** How the passages are read. */
    String reading();

    /** How many are. */
    int passages();

    /** The best answer. */
    Found answer(String question);

    /**
     * An answer and its document.
     *
     * @param text the answer; empty if there is none
     * @param document the document's name
     */
    record Found(String text, String document) {
        private static final Found NONE = new Found("", "");
    }

    /**
     * What one does with a search and a reader of single passages: each passage is read by itself, and the best score wins.
     *
     * @param collection finds the passages
     * @param answerer reads them
     * @param passages how many
     */
    record OneByOne(DocumentAnswerer collection, QuestionAnswerer answerer, int passages) implements CollectionReader {
        @Override
        public String reading() {
            return passages == 1 ? "the best passage alone" : "one by one, the best score";
        }

        @Override
        public Found answer(String question) {
            List<FoundPassage> found = collection.find(question, passages);
            List<Answer> answers = answerer
                    .answerAll(found.stream()
                            .map(passage -> QuestionRequest.of(
                                    question, passage.passage().text()))
                            .toList())
                    .stream()
                    .map(list -> list.get(0))
                    .toList();
            return IntStream.range(0, answers.size())
                    .boxed()
                    .max(Comparator.comparingDouble(i -> answers.get(i).score()))
                    .map(best ->
                            new Found(answers.get(best).text(), found.get(best).document()))
                    .orElse(Found.NONE);
        }
    }

    /**
     * Ours: the passages are one text.
     *
     * @param collection finds them and reads them
     * @param passages how many
     */
    record AsOneText(DocumentAnswerer collection, int passages) implements CollectionReader {
        @Override
        public String reading() {
            return "as one text (ours)";
        }

        @Override
        public Found answer(String question) {
            return collection
                    .predict(question, AnswerOptions.defaults())
                    .best()
                    .map(answer -> new Found(answer.text(), answer.document()))
                    .orElse(Found.NONE);
        }
    }
}
