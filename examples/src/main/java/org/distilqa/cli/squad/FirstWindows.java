package org.distilqa.cli.squad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;

/** The first window of a question and its context, as token ids: what a network is given, before any decoding. */
final class FirstWindows implements AutoCloseable {
    private static final int MAX_QUESTION_LENGTH = 64;
    private static final int MAX_SEQUENCE_LENGTH = 384;

    private final Tokenizer tokenizer;
    private final int maxLength;

    FirstWindows(Checkpoint checkpoint) {
        this.maxLength = Math.min(MAX_SEQUENCE_LENGTH, checkpoint.config().maxPositionEmbeddings());
        this.tokenizer = Tokenizers.open(checkpoint.files());
    }

    /** The windows of some questions. */
    TokenBatch of(List<SquadQuestion> questions) {
        List<int[]> ids = new ArrayList<>();
        int[] secondSegments = new int[questions.size()];
        for (SquadQuestion question : questions) {
            int[] asked = tokenizer.tokenize(question.question()).ids();
            int askedLength = Math.min(asked.length, Math.min(MAX_QUESTION_LENGTH, maxLength - 3));
            int[] window = ids(
                    asked, askedLength, tokenizer.tokenize(question.context()).ids());
            secondSegments[ids.size()] = tokenizer.givesTokenTypes() ? askedLength + 2 : window.length;
            ids.add(window);
        }
        return TokenBatch.of(ids, secondSegments);
    }

    /** {@code [CLS]} question {@code [SEP]} context {@code [SEP]}, cut at the default limits. */
    private int[] ids(int[] asked, int askedLength, int[] context) {
        int contextLength = Math.min(context.length, maxLength - askedLength - 3);
        int[] ids = new int[askedLength + contextLength + 3];
        Arrays.fill(ids, tokenizer.separatorToken());
        ids[0] = tokenizer.classToken();
        System.arraycopy(asked, 0, ids, 1, askedLength);
        System.arraycopy(context, 0, ids, askedLength + 2, contextLength);
        return ids;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
