package org.distilqa.benchmarks.subject;

import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.translator.QuestionAnsweringTranslator;
import ai.djl.inference.Predictor;
import ai.djl.modality.nlp.qa.QAInput;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.device.DeviceOptions;

/**
 * DJL's {@code QuestionAnsweringTranslator} on its ONNX Runtime engine. The translator indexes arrays, which DJL leaves to
 * another engine: PyTorch's, of which nothing else is used.
 *
 * <p>Options: {@code graph}, {@code fused} (the default) or {@code plain};
 * {@code threads}, the available processors by default.
 */
final class DjlAnswerer implements Answerer {
    private static final int MAX_LENGTH = 384;

    private static final String ENGINE = "OnnxRuntime";
    private static final String ARRAY_ENGINE = "PyTorch";

    private final HuggingFaceTokenizer tokenizer;
    private final ZooModel<QAInput, String> model;
    private final Predictor<QAInput, String> predictor;
    private final Map<String, String> settings;

    private DjlAnswerer(HuggingFaceTokenizer tokenizer, ZooModel<QAInput, String> model, Map<String, String> settings) {
        this.tokenizer = tokenizer;
        this.model = model;
        this.predictor = model.newPredictor();
        this.settings = settings;
    }

    static DjlAnswerer open(Contender contender, Path folder) {
        DeviceOptions options = contender.options();
        options.requireKnown(Contender.DJL, Set.of("graph", "threads"));
        String graph = options.choice("graph", "fused", Set.of("plain", "fused"));
        int threads = options.integer("threads", Runtime.getRuntime().availableProcessors(), 1, 1024);
        // Without these DJL reports to its makers, and looks in the network for builds for graphics cards.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        requireArrayEngine();
        Map<String, String> session =
                Map.of("intraOpNumThreads", String.valueOf(threads), "interOpNumThreads", "1", "optLevel", "ALL_OPT");
        HuggingFaceTokenizer tokenizer = null;
        try {
            tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(folder.resolve(PeerFiles.TOKENIZER))
                    .optTruncateSecondOnly()
                    .optMaxLength(MAX_LENGTH)
                    .optPadding(true)
                    .build();
            ZooModel<QAInput, String> model = Criteria.builder()
                    .setTypes(QAInput.class, String.class)
                    .optModelPath(folder)
                    .optModelName(graph)
                    .optEngine(ENGINE)
                    .optOptions(session)
                    .optTranslator(
                            QuestionAnsweringTranslator.builder(tokenizer).build())
                    .build()
                    .loadModel();
            return new DjlAnswerer(tokenizer, model, settings(graph, session));
        } catch (IOException | ModelNotFoundException | MalformedModelException | RuntimeException e) {
            if (tokenizer != null) {
                tokenizer.close();
            }
            throw new BenchmarkException("DJL cannot load the model: " + e.getMessage(), e);
        }
    }

    private static void requireArrayEngine() {
        if (DjlAnswerer.class.getResource("/native/lib/pytorch.properties") == null) {
            throw new BenchmarkException(
                    "DJL needs PyTorch's native libraries, which are on the class path only with the"
                            + " Maven profile run; start the benchmarks with benchmarks/run");
        }
        if (!Engine.hasEngine(ENGINE) || !Engine.hasEngine(ARRAY_ENGINE)) {
            throw new BenchmarkException("DJL's engines " + ENGINE + " and " + ARRAY_ENGINE
                    + " are not both here; it has " + Engine.getAllEngines());
        }
    }

    private static Map<String, String> settings(String graph, Map<String, String> session) {
        Map<String, String> settings = new TreeMap<>(session);
        settings.put("graph", graph);
        settings.put("version", Engine.getDjlVersion());
        settings.put(
                "array engine",
                ARRAY_ENGINE + " " + Engine.getEngine(ARRAY_ENGINE).getVersion());
        settings.put("batchSize", String.valueOf(BATCH_SIZE));
        settings.put("maxLength", String.valueOf(MAX_LENGTH));
        settings.put("padding", "to the longest sequence of the batch");
        settings.put("longer contexts", "cut off");
        return settings;
    }

    @Override
    public Reply.Ready ready(long loadNanoseconds) {
        return new Reply.Ready(
                loadNanoseconds,
                "DJL " + settings.get("version") + ", QuestionAnsweringTranslator on ONNX Runtime, "
                        + settings.get("graph") + " graph, " + settings.get("intraOpNumThreads") + " threads",
                settings);
    }

    @Override
    public String answer(Question question) {
        try {
            return predictor.predict(new QAInput(question.question(), question.context()));
        } catch (TranslateException e) {
            throw new BenchmarkException("DJL failed: " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> answerAll(List<Question> questions) {
        List<String> answers = new ArrayList<>(questions.size());
        try {
            for (int from = 0; from < questions.size(); from += BATCH_SIZE) {
                List<QAInput> batch = questions.subList(from, Math.min(questions.size(), from + BATCH_SIZE)).stream()
                        .map(question -> new QAInput(question.question(), question.context()))
                        .toList();
                answers.addAll(predictor.batchPredict(batch));
            }
        } catch (TranslateException e) {
            throw new BenchmarkException("DJL failed: " + e.getMessage(), e);
        }
        return answers;
    }

    @Override
    public long read(int from, int to) {
        throw new BenchmarkException("DJL's predictor cannot be asked for the network alone");
    }

    @Override
    public void close() {
        predictor.close();
        model.close();
        tokenizer.close();
    }
}
