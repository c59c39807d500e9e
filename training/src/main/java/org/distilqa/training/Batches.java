package org.distilqa.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Groups of examples, in an order drawn anew for each pass. */
final class Batches {
    private final List<Encoded> examples;
    private final int tokens;

    /**
     * @param tokens how many tokens a batch has at most
     */
    Batches(List<Encoded> examples, int tokens) {
        this.examples = examples;
        this.tokens = tokens;
    }

    List<List<Encoded>> pass(int number) {
        List<Encoded> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, new Random(number));
        List<List<Encoded>> batches = new ArrayList<>();
        List<Encoded> open = new ArrayList<>();
        int held = 0;
        for (Encoded example : shuffled) {
            if (!open.isEmpty() && held + example.length() > tokens) {
                batches.add(open);
                open = new ArrayList<>();
                held = 0;
            }
            open.add(example);
            held += example.length();
        }
        batches.add(open);
        return batches;
    }

    /** A batch's examples in parts of about as many tokens, the longest first. */
    static List<List<Encoded>> parts(List<Encoded> batch, int number) {
        List<List<Encoded>> parts = new ArrayList<>();
        int[] held = new int[number];
        for (int i = 0; i < number; i++) {
            parts.add(new ArrayList<>());
        }
        List<Encoded> sorted = new ArrayList<>(batch);
        sorted.sort((a, b) -> Integer.compare(b.length(), a.length()));
        for (Encoded example : sorted) {
            int least = 0;
            for (int i = 1; i < number; i++) {
                least = held[i] < held[least] ? i : least;
            }
            parts.get(least).add(example);
            held[least] += example.length();
        }
        return parts;
    }
}
