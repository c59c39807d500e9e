package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordPiecesTest {
    private static List<String> learn() {
        WordPieces pieces = new WordPieces();
        for (int i = 0; i < 10; i++) {
            pieces.add("The river flows by the mill; by the mill the river is");
        }
        for (int i = 0; i < 5; i++) {
            pieces.add("Glimmerham Glimmerford");
        }
        return pieces.learn(5, 20);
    }

    @Test
    void takesTheCommonestWordsWhole() {
        assertThat(learn()).contains("the", "The", "river", "by").doesNotContain("Glimmerham");
    }

    @Test
    void takesPiecesOfTheWordsLeft() {
        assertThat(learn()).contains("Glimm");
    }

    @Test
    void canSpellAnyEnglishWord() {
        List<String> vocabulary = learn();
        for (char c : "aZq09".toCharArray()) {
            assertThat(vocabulary).contains(String.valueOf(c), "##" + c);
        }
        assertThat(vocabulary).startsWith("[PAD]", "[UNK]", "[CLS]", "[SEP]");
    }

    @Test
    void holdsEveryPieceOnce() {
        assertThat(new HashSet<>(learn())).hasSameSizeAs(learn());
    }
}
