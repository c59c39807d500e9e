package org.distilqa.execution;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.Answer;
import org.distilqa.InvalidRequestException;
import org.distilqa.Prediction;
import org.distilqa.QuestionRequest;
import org.distilqa.decoding.Reading;
import org.distilqa.decoding.SecondReading;
import org.distilqa.decoding.SpanDecoder;
import org.distilqa.decoding.SpanScores;
import org.distilqa.schedule.Sequence;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.window.PassageTokens;
import org.distilqa.window.Window;

/**
 * A request on its way: which windows are to be read now, and what those read have said. First the windows that cover the
 * context; then those of the {@link SecondReading}, if there is one.
 */
final class ContextReading {
    private final QuestionRequest request;
    private final TokenizedText question;
    private final PassageTokens context;
    private final Tokenizer tokenizer;
    private final SecondReading secondReading;

    /** The windows to be read now, and their way through the device. */
    private List<Window> windows;

    private List<Sequence> sequences;
    private int windowsRead;

    /** Null until the context was read. */
    private SpanScores scores;

    /**
     * @throws InvalidRequestException as {@link Window#cover} says
     */
    ContextReading(
            QuestionRequest request,
            TokenizedText question,
            PassageTokens context,
            Tokenizer tokenizer,
            int maxPositions) {
        this.request = request;
        this.question = question;
        this.context = context;
        this.tokenizer = tokenizer;
        read(context.passages().stream()
                .flatMap(passage ->
                        Window.cover(question, context.tokens(), passage, tokenizer, maxPositions, request.options())
                                .stream())
                .toList());
        this.secondReading = new SecondReading(
                request.context(),
                context.tokens(),
                Window.room(question, maxPositions, request.options()),
                request.options().maxAnswerLength());
    }

    private void read(List<Window> next) {
        windows = next;
        sequences = next.stream()
                .map(window -> new Sequence(window.ids(), secondSegment(window)))
                .toList();
    }

    private int secondSegment(Window window) {
        return tokenizer.givesTokenTypes() ? window.contextStart() : window.ids().length;
    }

    /** What is to be read now; empty if all is read. */
    List<Sequence> toRead() {
        return sequences;
    }

    /** Takes what the device said of what was to be read, and gives what is to be read next, as {@link #toRead} does. */
    List<Sequence> takeLogits() {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < windows.size(); i++) {
            Sequence sequence = sequences.get(i);
            Window window = windows.get(i);
            readings.add(Reading.of(window, sequence.startLogits(), sequence.endLogits(), logWeight(window)));
        }
        windowsRead += windows.size();
        scores = scores == null ? SpanScores.of(readings) : scores.with(readings);
        // Passages were read each by itself, which is what the second reading does with paragraphs.
        boolean again = request.options().secondReading() && request.passages().size() == 1;
        List<Window.Stretch> next = again ? secondReading.next(scores) : List.of();
        read(next.stream()
                .map(stretch -> Window.of(question, context.tokens(), stretch, tokenizer, request.options()))
                .toList());
        return sequences;
    }

    /** The logarithm of the weight of the passage that a window is of. */
    private double logWeight(Window window) {
        if (request.passageWeights().isEmpty()) {
            return 0;
        }
        int passage = 0;
        while (context.passages().get(passage).end() <= window.stretch().first()) {
            passage++;
        }
        return Math.log(request.passageWeights().get(passage));
    }

    boolean questionCut() {
        return question.size() > request.options().maxQuestionLength();
    }

    /** The best answers by what was read. */
    Prediction prediction() {
        if (scores == null) {
            return Prediction.of(List.of(Answer.none(0)), 0).withQuestionCut(questionCut());
        }
        SpanDecoder decoder = new SpanDecoder(request.context(), context.tokens(), request.options(), scores);
        return Prediction.of(decoder.answers(), decoder.noAnswerScore())
                .withWindows(windowsRead)
                .withQuestionCut(questionCut());
    }
}
