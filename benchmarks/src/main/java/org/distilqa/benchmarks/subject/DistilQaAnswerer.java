package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.worker.Reply;

/** Our own way from text to text, on any device, ONNX Runtime's among them. */
final class DistilQaAnswerer implements Answerer {
    private final ProgramKeepingDevice device;
    private final QuestionAnswerer answerer;
    private final WindowReader windows;

    private DistilQaAnswerer(ProgramKeepingDevice device, QuestionAnswerer answerer, Path folder) {
        this.device = device;
        this.answerer = answerer;
        this.windows = new WindowReader(device.program(), folder);
    }

    static DistilQaAnswerer open(Contender contender, String model, Path folder) {
        ProgramKeepingDevice device = new ProgramKeepingDevice(ContenderDevice.open(contender, folder));
        try {
            QuestionAnswerer answerer = QuestionAnswerer.builder()
                    .model(model)
                    .device(device)
                    .batchSize(BATCH_SIZE)
                    .build();
            return new DistilQaAnswerer(device, answerer, folder);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
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
    public long read(int from, int to) {
        return windows.read(from, to);
    }

    @Override
    public void close() {
        answerer.close();
        device.close();
    }
}
