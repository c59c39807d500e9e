package org.distilqa.examples.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.distilqa.Answer;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;

/** What is asked, short and long, and what a quiet run of each kind of device answers. */
final class Questions {
    private static final int SHORT = 40;
    private static final int LONG = 8;

    private static final int LONGEST_WINDOW = 120;

    /** Other neighbours in a batch may round the last bits otherwise. */
    private static final double TOLERANCE = 1e-4;

    private static final List<String> PLACES =
            List.of("mill", "bridge", "lighthouse", "station", "library", "harbour", "chapel", "theatre");
    private static final List<String> NAMES = List.of(
            "Ada Quill", "Ben Orr", "Clara Venn", "Dov Harel", "Edda Lund", "Finn Marsh", "Greta Holm", "Hugo Brandt");
    private static final List<String> REMARKS = List.of(
            "It stands beside the river and is open to visitors on most days of the year.",
            "Nobody in the valley remembers what stood there before.",
            "The cost, forty thousand crowns, was paid by the merchants of the town.",
            "A fire damaged the roof some years later, and it was made new in copper.");

    private final List<QuestionRequest> requests = new ArrayList<>();
    private final List<Prediction> onTt = new ArrayList<>();
    private final List<Prediction> onCpu = new ArrayList<>();

    /** Asks two answerers, which have nothing else to do. */
    Questions(QuestionAnswerer tt, QuestionAnswerer cpu) {
        Random random = new Random(16);
        while (requests.size() < SHORT + LONG) {
            QuestionRequest request =
                    request(random, requests.size() < SHORT ? 1 + random.nextInt(5) : 20 + random.nextInt(40));
            Prediction byTt = tt.predict(request);
            Prediction byCpu = cpu.predict(request);
            if (isClear(byTt) && isClear(byCpu)) {
                requests.add(request);
                onTt.add(byTt);
                onCpu.add(byCpu);
            }
        }
    }

    /** Whether answers are so unlike in score that rounding does not change their order. */
    private static boolean isClear(Prediction prediction) {
        List<Answer> answers = prediction.answers();
        for (int i = 1; i < answers.size(); i++) {
            if (answers.get(i).score()
                    > (1 - 100 * TOLERANCE) * answers.get(i - 1).score()) {
                return false;
            }
        }
        return true;
    }

    private static QuestionRequest request(Random random, int sentences) {
        StringBuilder context = new StringBuilder();
        for (int i = 0; i < sentences; i++) {
            context.append("The ")
                    .append(PLACES.get(random.nextInt(PLACES.size())))
                    .append(" was built by ")
                    .append(NAMES.get(random.nextInt(NAMES.size())))
                    .append(" in ")
                    .append(1700 + random.nextInt(300))
                    .append(". ")
                    .append(REMARKS.get(random.nextInt(REMARKS.size())))
                    .append(' ');
        }
        String place = PLACES.get(random.nextInt(PLACES.size()));
        return QuestionRequest.of("Who built the " + place + "?", context.toString())
                .withMaxSequenceLength(LONGEST_WINDOW)
                .withTopK(3);
    }

    /** One of them: of few windows mostly, now and then of many. */
    int any(Random random) {
        return random.nextInt(10) == 0 ? SHORT + random.nextInt(LONG) : random.nextInt(SHORT);
    }

    QuestionRequest request(int number) {
        return requests.get(number);
    }

    /** What the devices say of a question by themselves. */
    String expected(int number) {
        return onTt.get(number) + " or " + onCpu.get(number);
    }

    /** Whether something is what one of the devices says of a question by itself. */
    boolean isRight(int number, Prediction prediction) {
        return isSame(prediction, onTt.get(number)) || isSame(prediction, onCpu.get(number));
    }

    private static boolean isSame(Prediction actual, Prediction expected) {
        boolean same = actual.windows() == expected.windows()
                && actual.answers().size() == expected.answers().size();
        for (int i = 0; same && i < expected.answers().size(); i++) {
            Answer a = actual.answers().get(i);
            Answer b = expected.answers().get(i);
            same = a.text().equals(b.text())
                    && a.start() == b.start()
                    && Math.abs(a.score() - b.score()) <= TOLERANCE * b.score();
        }
        return same;
    }
}
