package org.distilqa.benchmarks.study;

import java.util.Arrays;
import java.util.List;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.cli.squad.SquadMetric;

/**
 * How well the ways that are compared answer in the same contexts.
 *
 * @param pipeline the Hugging Face pipeline's
 * @param oneSequence ours without the second reading
 * @param secondReading ours with it
 */
record JoinedScores(Way pipeline, Way oneSequence, Way secondReading) {
    private static final int REQUESTS_AT_ONCE = 16;

    /**
     * How well one way does.
     *
     * @param f1 the F1 of its answer in each context, in percent
     * @param windows how many windows it read for a context, on average
     */
    record Way(double[] f1, double windows) {
        double mean() {
            return Arrays.stream(f1).average().orElseThrow();
        }
    }

    static JoinedScores of(List<Question> contexts, PipelineAnswerer pipeline, QuestionAnswerer answerer) {
        double[] f1 = contexts.stream()
                .mapToDouble(context -> f1(context, pipeline.answer(context.question(), context.context())))
                .toArray();
        Way oneSequence = ours(contexts, answerer, false);
        // The pipeline's windows are those of one sequence.
        return new JoinedScores(new Way(f1, oneSequence.windows()), oneSequence, ours(contexts, answerer, true));
    }

    private static Way ours(List<Question> contexts, QuestionAnswerer answerer, boolean secondReading) {
        double[] scores = new double[contexts.size()];
        long before = answerer.statistics().windows();
        for (int from = 0; from < scores.length; from += REQUESTS_AT_ONCE) {
            List<Question> some = contexts.subList(from, Math.min(scores.length, from + REQUESTS_AT_ONCE));
            List<QuestionRequest> requests = some.stream()
                    .map(context -> QuestionRequest.of(context.question(), context.context())
                            .withSecondReading(secondReading))
                    .toList();
            int at = from;
            for (var answers : answerer.answerAll(requests)) {
                scores[at] = f1(contexts.get(at), answers.get(0).text());
                at++;
            }
        }
        return new Way(scores, (double) (answerer.statistics().windows() - before) / scores.length);
    }

    private static double f1(Question context, String answer) {
        return 100 * context.best(answer, SquadMetric::f1);
    }
}
