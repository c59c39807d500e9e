package org.distilqa.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Texts of a few definitions of WordNet each, with the question of which word or name one of them defines. */
final class Glosses {
    private final WordNet wordNet;
    private final Random random;
    private final List<WordNet.Synset> synsets = new ArrayList<>();

    Glosses(WordNet wordNet, Random random) {
        this.wordNet = wordNet;
        this.random = random;
        for (WordNet.Synset synset : wordNet.nouns()) {
            if (synset.gloss().length() > 25
                    && synset.gloss().length() < 160
                    && !synset.gloss().contains("\"")) {
                synsets.add(synset);
                if (synset.instance()) {
                    // Names are rarer than common nouns, and asked for more often.
                    synsets.add(synset);
                    synsets.add(synset);
                }
            }
        }
    }

    /** A text and a question. */
    Example example() {
        WordNet.Synset asked = synsets.get(random.nextInt(synsets.size()));
        List<WordNet.Synset> chosen = new ArrayList<>(List.of(asked));
        int count = 3 + random.nextInt(4);
        while (chosen.size() < count) {
            chosen.add(synsets.get(random.nextInt(synsets.size())));
        }
        Collections.shuffle(chosen, random);
        StringBuilder context = new StringBuilder();
        int start = 0;
        int end = 0;
        for (WordNet.Synset synset : chosen) {
            context.append(context.isEmpty() ? "" : " ");
            String word = synset.words().get(0);
            String article = synset.instance() ? "" : random.nextBoolean() ? "A " : "The ";
            context.append(article);
            if (synset == asked) {
                start = context.length();
                end = start + word.length();
            }
            String gloss = gloss(synset);
            String be = synset.instance() && synset.kind() == WordNet.Kind.PERSON ? " was " : " is ";
            context.append(word).append(be).append(gloss).append('.');
        }
        return new Example(question(asked), context.toString(), start, end);
    }

    private static String gloss(WordNet.Synset synset) {
        String gloss = synset.gloss().replaceFirst("^\\([^)]*\\) *", "").replaceAll("; .*", "");
        boolean article = gloss.matches("(?i)(a|an|the|any|one|some|all|someone|something) .*");
        return article ? gloss : (synset.instance() ? "the " : "a ") + gloss;
    }

    private String question(WordNet.Synset asked) {
        String gloss = gloss(asked).replaceAll(" ?\\(.*?\\)", "");
        String[] words = gloss.split(" ");
        int keep = Math.min(words.length, 5 + random.nextInt(10));
        String text = String.join(" ", List.of(words).subList(0, keep)).replaceAll("[,;]$", "");
        boolean person = asked.kind() == WordNet.Kind.PERSON;
        String category = wordNet.category(asked).orElse("thing");
        return switch (random.nextInt(3)) {
            case 0 -> (person ? "Who was " : "What is ") + text + "?";
            case 1 -> (person ? "Which " : "What ") + category + " is " + text + "?";
            default -> (person ? "Who is known as " : "What is the name of ") + text + "?";
        };
    }
}
