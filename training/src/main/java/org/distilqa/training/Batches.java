package org.distilqa.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Groups of examples of like length, in an order drawn anew for each pass. */
final class Batches {
    private static final int SORTED_TOGETHER = 4096;

    private final List<Encoded> examples;
    private final int tokens;

    /**
     * @param tokens how many tokens a batch has at most, padding included
     */
    Batches(List<Encoded> examples, int tokens) {
        this.examples = examples;
        this.tokens = tokens;
    }

    List<List<Encoded>> pass(int number) {
        Random random = new Random(number);
        List<Encoded> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, random);
        List<List<Encoded>> batches = new ArrayList<>();
        for (int from = 0; from < shuffled.size(); from += SORTED_TOGETHER) {
            List<Encoded> part =
                    new ArrayList<>(shuffled.subList(from, Math.min(from + SORTED_TOGETHER, shuffled.size())));
            part.sort(Comparator.comparingInt(Encoded::length));
            List<List<Encoded>> cut = cut(part);
            Collections.shuffle(cut, random);
            batches.addAll(cut);
        }
        return batches;
    }

    private List<List<Encoded>> cut(List<Encoded> sorted) {
        List<List<Encoded>> batches = new ArrayList<>();
        List<Encoded> open = new ArrayList<>();
        for (Encoded example : sorted) {
            if (!open.isEmpty() && (open.size() + 1) * example.length() > tokens) {
                batches.add(open);
                open = new ArrayList<>();
            }
            open.add(example);
        }
        batches.add(open);
        return batches;
    }
}
