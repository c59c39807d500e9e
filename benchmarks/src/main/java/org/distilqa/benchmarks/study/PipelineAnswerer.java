package org.distilqa.benchmarks.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distilqa.benchmarks.contender.TokenizedQuestion;
import org.distilqa.device.Device;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.model.Checkpoint;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;

/**
 * Answers as the Hugging Face question-answering pipeline of transformers 4.57 does with its defaults and {@code top_k = 1}: a
 * softmax in each window by itself, the best twelve spans of each, widened to whole words, and the scores of equal texts added up
 * over all windows. For comparison only.
 */
final class PipelineAnswerer implements AutoCloseable {
    private static final int MAX_ANSWER_LENGTH = 15;
    private static final int SPANS_PER_WINDOW = 12;

    private final Tokenizer tokenizer;
    private final Program program;
    private final int batchSize;

    /** A span of tokens of the whole context. */
    private record Span(int first, int last, double score) {}

    private PipelineAnswerer(Tokenizer tokenizer, Program program, int batchSize) {
        this.tokenizer = tokenizer;
        this.program = program;
        this.batchSize = batchSize;
    }

    /** Opens it on a device, which stays the caller's. */
    static PipelineAnswerer open(Checkpoint checkpoint, Device device) {
        return new PipelineAnswerer(
                Tokenizers.open(checkpoint.files()),
                device.compile(checkpoint.graph(), checkpoint.parameters()),
                device.info().batchSize());
    }

    /** The best answer's text. */
    String answer(String question, String context) {
        int[] asked = TokenizedQuestion.asked(tokenizer, question);
        int contextStart = asked.length + 2;
        TokenizedText tokens = tokenizer.tokenize(context);
        int step = TokenizedQuestion.room(asked) - TokenizedQuestion.DOC_STRIDE;
        Map<String, Double> scores = new LinkedHashMap<>();
        Map<String, String> spelling = new LinkedHashMap<>();
        List<TokenizedQuestion.Window> windows = TokenizedQuestion.windows(tokenizer, question, tokens);
        for (int from = 0; from < windows.size(); from += batchSize) {
            int to = Math.min(windows.size(), from + batchSize);
            Logits logits = program.run(TokenizedQuestion.batch(windows.subList(from, to)));
            for (int i = from; i < to; i++) {
                for (Span span : bestSpans(
                        probabilities(logits.start(i - from), contextStart),
                        probabilities(logits.end(i - from), contextStart))) {
                    String text = words(context, tokens, i * step + span.first(), i * step + span.last());
                    String key = text.toLowerCase(Locale.ROOT);
                    spelling.putIfAbsent(key, text);
                    scores.merge(key, span.score(), Double::sum);
                }
            }
        }
        return scores.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(best -> spelling.get(best.getKey()))
                .orElse("");
    }

    /** The softmax over {@code [CLS]} and the context, of the context's tokens. */
    private static double[] probabilities(float[] logits, int contextStart) {
        double[] exponentials = new double[logits.length - 1 - contextStart];
        double max = logits[0];
        for (int i = contextStart; i < logits.length - 1; i++) {
            max = Math.max(max, logits[i]);
        }
        double sum = Math.exp(logits[0] - max);
        for (int i = 0; i < exponentials.length; i++) {
            exponentials[i] = Math.exp(logits[contextStart + i] - max);
            sum += exponentials[i];
        }
        for (int i = 0; i < exponentials.length; i++) {
            exponentials[i] /= sum;
        }
        return exponentials;
    }

    private static List<Span> bestSpans(double[] starts, double[] ends) {
        List<Span> spans = new ArrayList<>();
        for (int first = 0; first < starts.length; first++) {
            for (int last = first; last < Math.min(starts.length, first + MAX_ANSWER_LENGTH); last++) {
                spans.add(new Span(first, last, starts[first] * ends[last]));
            }
        }
        spans.sort(Comparator.comparingDouble(Span::score).reversed());
        return spans.subList(0, Math.min(SPANS_PER_WINDOW, spans.size()));
    }

    private static String words(String context, TokenizedText tokens, int first, int last) {
        int[] words = tokens.words();
        int start = first;
        while (start > 0 && words[start - 1] == words[first]) {
            start--;
        }
        int end = last;
        while (end + 1 < words.length && words[end + 1] == words[last]) {
            end++;
        }
        return context.substring(tokens.starts()[start], tokens.ends()[end]);
    }

    @Override
    public void close() {
        program.close();
        tokenizer.close();
    }
}
