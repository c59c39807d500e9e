package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordVectorsTest {
    private static final int SIZE = 16;
    private static final List<String> ANIMALS = List.of("cow", "sheep", "goat", "horse");
    private static final List<String> METALS = List.of("tin", "zinc", "lead", "iron");
    private static final List<String> OTHERS = List.of(
            "eats",
            "grazes",
            "melts",
            "bends",
            "build",
            "make",
            "founder",
            "foundering",
            "grass",
            "field",
            "fire",
            "hammer",
            "nowhere",
            "xyzzy");

    @TempDir
    private Path directory;

    private Map<String, float[]> vectors;

    @BeforeEach
    void countTexts() throws IOException {
        WordNet wordNet = SmallWordNet.write(directory);
        List<String> words = new java.util.ArrayList<>(ANIMALS);
        words.addAll(METALS);
        words.addAll(OTHERS);
        WordVectors counted = new WordVectors(words);
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            counted.add("The " + one(ANIMALS, random) + one(List.of(" eats ", " grazes "), random)
                    + one(List.of("grass", "field"), random) + ".");
            counted.add(one(METALS, random)
                    + one(List.of(" melts ", " bends "), random)
                    + one(List.of("fire", "hammer"), random));
        }
        vectors = counted.vectors(wordNet, new Lexicon(wordNet), SIZE, 1);
    }

    private static String one(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    private double cosine(String a, String b) {
        return Rows.dot(vectors.get(a), 0, vectors.get(b), 0, SIZE);
    }

    @Test
    void wordsOfLikeUseAreNearAndOthersAreNot() {
        assertThat(cosine("cow", "sheep")).isGreaterThan(0.7);
        assertThat(cosine("tin", "zinc")).isGreaterThan(0.7);
        assertThat(cosine("cow", "zinc")).isLessThan(0.3);
    }

    @Test
    void synonymsAndWordsThatBeginAlikeAreNear() {
        assertThat(cosine("build", "make")).isGreaterThan(0.7);
        assertThat(cosine("founder", "foundering")).isGreaterThan(0.7);
    }

    @Test
    void vectorsHaveLengthOneAndThoseOfUnknownWordsZero() {
        assertThat(cosine("cow", "cow")).isCloseTo(1, within(1e-3));
        assertThat(vectors.get("xyzzy")).containsOnly(0f);
    }
}
