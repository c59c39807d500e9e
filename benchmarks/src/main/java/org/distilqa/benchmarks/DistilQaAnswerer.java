package org.distilqa.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;

/** Our own way from text to text, on any device, ONNX Runtime's among them. */
final class DistilQaAnswerer implements Answerer {
    private final QuestionAnswerer answerer;

    private DistilQaAnswerer(QuestionAnswerer answerer) {
        this.answerer = answerer;
    }

    static DistilQaAnswerer open(Contender contender, String model, Path folder) {
        return new DistilQaAnswerer(QuestionAnswerer.builder()
                .model(model)
                .device(contender.name())
                .deviceOptions(contender.located(folder).options())
                .batchSize(BATCH_SIZE)
                .build());
    }

    @Override
    public Reply.Ready ready(long loadNanoseconds) {
        Map<String, String> settings = new TreeMap<>(answerer.device().facts());
        settings.put("batchSize", String.valueOf(BATCH_SIZE));
        settings.put("maxSequenceLength", "384");
        settings.put("longer contexts", "windows that share 128 tokens; nothing is cut off");
        return new Reply.Ready(
                loadNanoseconds, "DistilQA on " + answerer.device().description(), settings);
    }

    @Override
    public String answer(Question question) {
        return answerer.answer(question.question(), question.context()).text();
    }

    @Override
    public List<String> answerAll(List<Question> questions) {
        List<QuestionRequest> requests = questions.stream()
                .map(question -> QuestionRequest.of(question.question(), question.context()))
                .toList();
        return answerer.answerAll(requests).stream()
                .map(answers -> answers.get(0).text())
                .toList();
    }

    @Override
    public void close() {
        answerer.close();
    }
}
