package org.distilqa.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.distilqa.cli.squad.SquadMetric;

/**
 * How well a way to an answer does on some questions, which are asked one after another.
 *
 * @param questions how many
 * @param rightDocument how often the answer is of the question's document, in percent
 * @param exact how often it is right letter for letter, by SQuAD's rules, in percent
 * @param f1 its F1, in percent
 * @param milliseconds what a question takes, on average
 */
record CollectionScores(int questions, double rightDocument, double exact, double f1, double milliseconds) {

    /**
     * Asks all questions.
     *
     * @param documents the name of the document of each paragraph
     */
    static CollectionScores of(
            CollectionReader reader, List<AnsweredQuestion> questions, Map<String, String> documents) {
        double right = 0;
        double exact = 0;
        double f1 = 0;
        long begin = System.nanoTime();
        for (AnsweredQuestion question : questions) {
            CollectionReader.Found found = reader.answer(question.question());
            right += found.document().equals(documents.get(question.paragraph())) ? 1 : 0;
            exact += best(question, found.text(), SquadMetric::exact);
            f1 += best(question, found.text(), SquadMetric::f1);
        }
        double percent = 100.0 / questions.size();
        return new CollectionScores(
                questions.size(),
                right * percent,
                exact * percent,
                f1 * percent,
                (System.nanoTime() - begin) / 1e6 / questions.size());
    }

    private static double best(AnsweredQuestion question, String text, ToDoubleBiFunction<String, String> metric) {
        return question.answers().stream()
                .mapToDouble(answer -> metric.applyAsDouble(text, answer))
                .max()
                .orElseThrow();
    }

    String[] row(String name, CollectionReader reader) {
        return new String[] {
            name,
            String.valueOf(questions),
            reader.reading(),
            String.valueOf(reader.passages()),
            format(rightDocument),
            format(exact),
            format(f1),
            format(milliseconds)
        };
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
