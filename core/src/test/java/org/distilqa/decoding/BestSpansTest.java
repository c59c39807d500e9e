package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.distilqa.decoding.BestSpans.Span;
import org.distilqa.decoding.SpanScores.Section;
import org.junit.jupiter.api.Test;

class BestSpansTest {
    private static final Comparator<Span> BEST_FIRST = Comparator.comparingDouble(Span::score)
            .reversed()
            .thenComparingInt(Span::start)
            .thenComparingInt(Span::end);

    /** Scores are small whole numbers, so that many spans are equal: of those, the first in the context counts. */
    @Test
    void keepsTheBestOfAllSpansAndOfEqualOnesTheFirstInTheContext() {
        Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            int first = random.nextInt(20);
            int tokens = 1 + random.nextInt(12);
            Reading reading = new Reading(first, wholeNumbers(random, tokens), wholeNumbers(random, tokens));
            int from = first + random.nextInt(tokens);
            int to = from + 1 + random.nextInt(first + tokens - from);
            int limit = to + random.nextInt(first + tokens - to + 1);
            Section section = new Section(3, reading, from, to, limit);
            int maxAnswerLength = 1 + random.nextInt(6);
            List<Span> all = all(section, maxAnswerLength);
            int capacity = 1 + random.nextInt(2 * all.size());
            BestSpans best = new BestSpans(capacity);
            best.offer(section, maxAnswerLength);
            assertThat(best.sorted()).isEqualTo(all.subList(0, Math.min(capacity, all.size())));
            assertThat(best.isFull()).isEqualTo(capacity <= all.size());
            assertThat(best.worst()).isEqualTo(best.sorted().get(best.sorted().size() - 1));
        }
    }

    private static double[] wholeNumbers(Random random, int count) {
        return random.ints(count, -2, 3).asDoubleStream().toArray();
    }

    /** By the definition alone. */
    private static List<Span> all(Section section, int maxAnswerLength) {
        Reading reading = section.reading();
        List<Span> all = new ArrayList<>();
        for (int start = section.from(); start < section.to(); start++) {
            for (int end = start; end < section.limit() && end < start + maxAnswerLength; end++) {
                double score = reading.start()[start - reading.first()] + reading.end()[end - reading.first()];
                all.add(new Span(section.window(), start, end, score));
            }
        }
        all.sort(BEST_FIRST);
        return all;
    }
}
