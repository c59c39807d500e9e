package org.distilqa.device;

import java.util.List;
import org.distilqa.InvalidRequestException;
import org.distilqa.graph.Graph;

/**
 * The token ids of one or more sequences, each of at least one token, and where in each the second segment begins: the context
 * after the question, which BERT tells apart by the types of their tokens, 0 and 1. Immutable.
 */
public final class TokenBatch {
    private final int[][] sequences;
    private final int[] secondSegments;
    private final int tokens;
    private final int maxLength;

    private TokenBatch(int[][] sequences, int[] secondSegments) {
        int total = 0;
        int longest = 0;
        for (int[] sequence : sequences) {
            if (sequence.length == 0) {
                throw new InvalidRequestException("a sequence of a batch has no token");
            }
            total = Math.addExact(total, sequence.length);
            longest = Math.max(longest, sequence.length);
        }
        if (total == 0) {
            throw new InvalidRequestException("a batch has no sequence");
        }
        this.sequences = sequences;
        this.secondSegments = secondSegments;
        this.tokens = total;
        this.maxLength = longest;
    }

    /**
     * A batch of some sequences without a second segment, which are copied.
     *
     * @param sequences the token ids of each
     * @return the batch
     * @throws InvalidRequestException if there is no sequence, or one without a token
     */
    public static TokenBatch of(List<int[]> sequences) {
        return of(sequences, sequences.stream().mapToInt(ids -> ids.length).toArray());
    }

    /**
     * A batch of some sequences of two segments, which are copied.
     *
     * @param sequences the token ids of each
     * @param secondSegments for each, the position of its second segment's first token; its length if it has none
     * @return the batch
     * @throws InvalidRequestException if there is no sequence, or one without a token, or if a second segment does not begin
     *     within its sequence or at its end
     */
    public static TokenBatch of(List<int[]> sequences, int[] secondSegments) {
        if (secondSegments.length != sequences.size()) {
            throw new InvalidRequestException("a batch has " + sequences.size() + " sequences, but "
                    + secondSegments.length + " second segments");
        }
        for (int i = 0; i < secondSegments.length; i++) {
            int length = sequences.get(i).length;
            if (secondSegments[i] < 0 || secondSegments[i] > length) {
                throw new InvalidRequestException("the second segment of a sequence of " + length
                        + " tokens cannot begin at position " + secondSegments[i]);
            }
        }
        return new TokenBatch(sequences.stream().map(int[]::clone).toArray(int[][]::new), secondSegments.clone());
    }

    /**
     * A batch of some sequences without a second segment, which are copied.
     *
     * @param sequences the token ids of each
     * @return the batch
     * @throws InvalidRequestException if there is no sequence, or one without a token
     */
    public static TokenBatch of(int[]... sequences) {
        return of(List.of(sequences));
    }

    /**
     * How many sequences there are.
     *
     * @return at least 1
     */
    public int size() {
        return sequences.length;
    }

    /**
     * The length of a sequence.
     *
     * @param sequence which, from 0
     * @return its tokens, at least 1
     */
    public int length(int sequence) {
        return sequences[sequence].length;
    }

    /**
     * The length of the longest sequence.
     *
     * @return its tokens
     */
    public int maxLength() {
        return maxLength;
    }

    /**
     * The length of all sequences together.
     *
     * @return the sum of their lengths
     */
    public int tokens() {
        return tokens;
    }

    /**
     * A token id.
     *
     * @param sequence which sequence, from 0
     * @param position which of its tokens, from 0
     * @return the id
     */
    public int token(int sequence, int position) {
        return sequences[sequence][position];
    }

    /**
     * Where the second segment of a sequence begins.
     *
     * @param sequence which sequence, from 0
     * @return the position of its first token; the sequence's length if it has none
     */
    public int secondSegment(int sequence) {
        return secondSegments[sequence];
    }

    /**
     * The type of a token, for networks that have an embedding of types.
     *
     * @param sequence which sequence, from 0
     * @param position which of its tokens, from 0
     * @return 1 in the second segment, 0 before it
     */
    public int type(int sequence, int position) {
        return position < secondSegments[sequence] ? 0 : 1;
    }

    /**
     * Copies the token ids of a sequence.
     *
     * @param sequence which sequence, from 0
     * @param target where to put its ids
     * @param offset the index in {@code target} of the first
     */
    public void copy(int sequence, int[] target, int offset) {
        System.arraycopy(sequences[sequence], 0, target, offset, sequences[sequence].length);
    }

    /**
     * Refuses a batch that a graph cannot take. A device calls this first in {@link Program#run}.
     *
     * @param graph the graph
     * @throws InvalidRequestException if a sequence is longer than the graph's positions, or a token id is not in its
     *     vocabulary
     */
    public void requireFits(Graph graph) {
        if (maxLength > graph.maxPositions()) {
            throw new InvalidRequestException("a sequence has " + maxLength + " tokens; the model takes at most "
                    + graph.maxPositions() + " (max_position_embeddings)");
        }
        int vocabularySize = graph.vocabularySize();
        for (int[] sequence : sequences) {
            for (int id : sequence) {
                if (id < 0 || id >= vocabularySize) {
                    throw new InvalidRequestException("token id " + id + " is not in the model's vocabulary, 0 to "
                            + (vocabularySize - 1) + "; does the tokenizer belong to the model?");
                }
            }
        }
    }
}
