package org.distilqa.benchmarks.service;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.distilqa.benchmarks.contender.Question;

/**
 * What is asked of a service.
 *
 * @param book a long text, of a file's paragraphs
 * @param questions questions whose paragraph fits one window
 */
record ServiceTexts(String book, List<Question> questions) {
    /** Of a paragraph that fits one window with its question, in UTF-16 units. */
    private static final int ONE_WINDOW = 1_000;

    public static ServiceTexts of(Path data, int bookCharacters) {
        List<Question> all = Question.read(data);
        Set<String> paragraphs =
                all.stream().map(Question::context).collect(Collectors.toCollection(LinkedHashSet::new));
        StringBuilder book = new StringBuilder();
        while (book.length() < bookCharacters) {
            paragraphs.forEach(paragraph -> book.append(paragraph).append("\n\n"));
        }
        return new ServiceTexts(
                book.substring(0, bookCharacters),
                all.stream()
                        .filter(question -> question.context().length() <= ONE_WINDOW)
                        .toList());
    }
}
