package org.distilqa.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordPiecesTest {
    @Test
    void growsBeyondTheTextsThatItWasMadeFor() {
        WordPieces pieces = new WordPieces(1);
        for (int i = 0; i < 5_000; i++) {
            pieces.put("piece" + i, i);
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(pieces.id("piece" + i)).isEqualTo(i);
        }
        assertThat(pieces.id("piece5000")).isEqualTo(WordPieces.NONE);
        assertThat(pieces.id("piece")).isEqualTo(WordPieces.NONE);
        assertThat(pieces.id("")).isEqualTo(WordPieces.NONE);
        assertThat(pieces.id("pieces and more")).isEqualTo(WordPieces.NONE);
    }

    @Test
    void givesATextItsLastIdAndTakesItOut() {
        WordPieces pieces = new WordPieces(0);
        pieces.put("the", 3);
        pieces.put("the", 4);
        assertThat(pieces.id("the")).isEqualTo(4);
        pieces.put("the", WordPieces.NONE);
        assertThat(pieces.id("the")).isEqualTo(WordPieces.NONE);
    }
}
