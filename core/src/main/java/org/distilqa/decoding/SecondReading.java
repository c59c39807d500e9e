package org.distilqa.decoding;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.window.Window.Stretch;

/**
 * Reads the best places of a long context once more. A window begins and ends where it happens to, in the middle of what one
 * paragraph says and of another: such pieces the network has not learned from, and one that holds nothing can be as sure as the
 * one that answers. So from two windows on, the paragraphs of the best {@value #PLACES} places are read once more, each by itself.
 *
 * <p>A place is the best span that no paragraph of a better place contains. Of a paragraph of more than {@value #LONG_PARAGRAPH}
 * tokens, so many around the place are read. What both readings say is put together by {@link SpanScores#with}. The numbers
 * were found by measuring; docs/decoding.md has the figures.
 */
public final class SecondReading {
    static final int PLACES = 4;
    static final int LONG_PARAGRAPH = 256;

    private final String context;
    private final TokenizedText tokens;
    private final int longest;
    private final int maxAnswerLength;
    private boolean done;

    /**
     * A second reading that has not begun.
     *
     * @param context the text that is read
     * @param tokens its tokens
     * @param room how many tokens of the context a window has room for
     * @param maxAnswerLength the longest span, in tokens
     */
    public SecondReading(String context, TokenizedText tokens, int room, int maxAnswerLength) {
        this.context = context;
        this.tokens = tokens;
        this.longest = Math.min(room, LONG_PARAGRAPH);
        this.maxAnswerLength = maxAnswerLength;
    }

    /**
     * What is to be read next.
     *
     * @param scores by all that was read so far
     * @return for each window, the stretch of the context that it is made of; the best place's first; empty if enough was read
     */
    public List<Stretch> next(SpanScores scores) {
        if (done || scores.windows() < 2) {
            return List.of();
        }
        done = true;
        Places places = new Places(scores, maxAnswerLength);
        Paragraphs paragraphs = Paragraphs.of(context, tokens);
        List<Stretch> stretches = new ArrayList<>();
        for (int start = places.bestStart(); start >= 0 && stretches.size() < PLACES; start = places.bestStart()) {
            stretches.add(places.take(start, paragraphs.at(start), longest));
        }
        return stretches;
    }

    /** The best spans, and which tokens were taken with better ones. */
    private static final class Places {
        /** For each token, the best sum of s' and e' of a span that starts there, and where that ends, exclusive. */
        private final double[] best;

        private final int[] ends;

        /** The tokens that were taken; no place starts there any more. */
        private final BitSet taken = new BitSet();

        Places(SpanScores scores, int maxAnswerLength) {
            best = new double[scores.tokens()];
            ends = new int[scores.tokens()];
            for (int window = 0; window < scores.windows(); window++) {
                for (SpanScores.Section section : scores.sections(window)) {
                    fill(section, maxAnswerLength);
                }
            }
        }

        private void fill(SpanScores.Section section, int maxAnswerLength) {
            double[] startScores = section.reading().start();
            double[] endScores = section.reading().end();
            int first = section.reading().first();
            for (int start = section.from(); start < section.to(); start++) {
                int limit = Math.min(section.limit() - start, maxAnswerLength) + start;
                int last = start;
                for (int end = start + 1; end < limit; end++) {
                    last = endScores[end - first] > endScores[last - first] ? end : last;
                }
                best[start] = startScores[start - first] + endScores[last - first];
                ends[start] = last + 1;
            }
        }

        /** Where the best span starts of those left, the first of equals; -1 if all tokens are taken. */
        int bestStart() {
            int start = -1;
            for (int s = taken.nextClearBit(0); s < best.length; s = taken.nextClearBit(s + 1)) {
                if (start < 0 || best[s] > best[start]) {
                    start = s;
                }
            }
            return start;
        }

        /** Takes the paragraph of a span; of one that is too long, what is around the span and was not taken yet. */
        Stretch take(int start, Stretch paragraph, int longest) {
            int before = Math.max(0, longest - (ends[start] - start)) / 2;
            int first = Math.max(paragraph.first(), Math.min(start - before, paragraph.end() - longest));
            int end = Math.min(paragraph.end(), first + longest);
            int takenAfter = taken.nextSetBit(start);
            Stretch stretch = new Stretch(
                    Math.max(first, taken.previousSetBit(start) + 1), takenAfter < 0 ? end : Math.min(end, takenAfter));
            taken.set(stretch.first(), stretch.end());
            return stretch;
        }
    }
}
