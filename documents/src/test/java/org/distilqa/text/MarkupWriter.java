package org.distilqa.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes random files and knows where every character stands that a reader sees. Blanks are left out of that. */
final class MarkupWriter {
    private static final String[] WORDS = {
        "mill",
        "Quill",
        "1912",
        "Zoë’s",
        "café",
        "😀",
        "中文",
        "ﬁre",
        "e\u0301",
        "x",
        "lamp,",
        "server.conf",
        "-40",
        "(old)",
        "it's"
    };

    final Random random;
    final StringBuilder file = new StringBuilder();
    private final StringBuilder seen = new StringBuilder();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();

    MarkupWriter(long seed) {
        random = new Random(seed);
    }

    void markup(String markup) {
        file.append(markup);
    }

    String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A word that stands in the file as it is seen. */
    void plain(String word) {
        for (char character : word.toCharArray()) {
            written(String.valueOf(character), String.valueOf(character));
        }
    }

    /** Characters that are seen, and what is written for them. */
    void written(String characters, String markup) {
        for (char character : characters.toCharArray()) {
            seen.append(character);
            starts.add(file.length());
            ends.add(file.length() + markup.length());
        }
        file.append(markup);
    }

    /** Compares what is seen of a document with what was written, and the places. */
    void check(Document document) {
        StringBuilder found = new StringBuilder();
        List<Integer> foundStarts = new ArrayList<>();
        List<Integer> foundEnds = new ArrayList<>();
        for (int i = 0; i < document.text().length(); i++) {
            char character = document.text().charAt(i);
            if (!Character.isWhitespace(character)) {
                found.append(character);
                foundStarts.add(document.places().start(i).offset());
                foundEnds.add(document.places().end(i + 1).offset());
            }
        }
        assertThat(found.toString()).as(file.toString()).isEqualTo(seen.toString());
        assertThat(foundStarts).as(file.toString()).isEqualTo(starts);
        assertThat(foundEnds).as(file.toString()).isEqualTo(ends);
    }
}
