package org.distilqa.training;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.distilqa.Services;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.TokenizerProvider;

/** Splits examples into tokens with the tokenizer that answers will be found with. */
final class Encoder implements AutoCloseable {
    private static final int LONGEST_QUESTION = 40;
    private static final int LONGEST_ANSWER = 24;

    private final Tokenizer tokenizer;
    private final Random random;
    private final int longest;

    /**
     * @param checkpoint the directory with the vocabulary
     * @param longest the longest sequence, in tokens; of longer contexts a part around the answer is taken
     */
    Encoder(Path checkpoint, int longest, Random random) {
        this.tokenizer =
                Services.load(TokenizerProvider.class).providers().get(0).open(checkpoint);
        this.longest = longest;
        this.random = random;
    }

    /** The tokens of an example; empty if its answer does not begin and end with tokens. */
    Optional<Encoded> encode(Example example) {
        TokenizedText question = tokenizer.tokenize(example.question());
        TokenizedText context = tokenizer.tokenize(example.context());
        int start = -1;
        int end = -1;
        for (int i = 0; i < context.size(); i++) {
            if (context.starts()[i] <= example.start() && context.ends()[i] > example.start()) {
                start = i;
            }
            if (context.starts()[i] < example.end() && context.ends()[i] >= example.end() && end < 0) {
                end = i;
            }
        }
        int questionTokens = Math.min(question.size(), LONGEST_QUESTION);
        if (start < 0 || end < start || end - start >= LONGEST_ANSWER) {
            return Optional.empty();
        }
        int room = Math.min(context.size(), longest - questionTokens - 3);
        int lowest = Math.max(0, end + 1 - room);
        int highest = Math.min(start, context.size() - room);
        int from = context.size() <= room ? 0 : lowest + random.nextInt(highest - lowest + 1);
        short[] ids = new short[questionTokens + room + 3];
        int at = 0;
        ids[at++] = (short) tokenizer.classToken();
        for (int i = 0; i < questionTokens; i++) {
            ids[at++] = (short) question.ids()[i];
        }
        ids[at++] = (short) tokenizer.separatorToken();
        int first = at;
        for (int i = 0; i < room; i++) {
            ids[at++] = (short) context.ids()[from + i];
        }
        ids[at] = (short) tokenizer.separatorToken();
        return Optional.of(new Encoded(ids, first, first + start - from, first + end - from));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
