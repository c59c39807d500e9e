package org.distilqa.benchmarks.peer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.MeasuredModel;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.contender.TokenizedQuestion;
import org.distilqa.model.Checkpoint;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;

/** What is made of a model for those who cannot read it as it is: a folder of files. */
public final class PeerFiles {
    /** DJL and the peers' tokenizers read this. */
    public static final String TOKENIZER = "tokenizer.json";

    /** The measured questions with their windows, a list of {@link TokenizedQuestion}. */
    private static final String QUESTIONS = "questions.json";

    /** Windows by which activations are quantised, a list of {@link TokenizedQuestion.Window}. */
    private static final String CALIBRATION = "calibration.json";

    private static final int CALIBRATION_QUESTIONS = 128;

    private final MeasuredModel model;
    private final Path folder;
    private final Python python;
    private final Consumer<String> progress;
    private final ObjectMapper mapper = new ObjectMapper();

    private PeerFiles(MeasuredModel model, Path folder, Python python, Consumer<String> progress) {
        this.model = model;
        this.folder = folder;
        this.python = python;
        this.progress = progress;
    }

    /**
     * Makes what some contenders need.
     *
     * @param data a SQuAD file, of whose questions the windows are that int8 is calibrated with
     * @param questions those that are measured; none if none are
     */
    public static void make(
            MeasuredModel model,
            List<Contender> contenders,
            Path data,
            List<Question> questions,
            Python python,
            Path folder,
            Consumer<String> progress) {
        try {
            new PeerFiles(model, Files.createDirectories(folder), python, progress).make(contenders, data, questions);
        } catch (IOException e) {
            throw new BenchmarkException(folder + ": the peers' files cannot be written: " + e.getMessage(), e);
        }
    }

    private void make(List<Contender> contenders, Path data, List<Question> questions) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(model.directory())) {
            for (OnnxNetwork.Kind kind : kinds(contenders)) {
                progress.accept("writing " + kind.file() + " of " + model.title());
                OnnxNetwork.write(checkpoint, kind, folder.resolve(kind.file()));
            }
            TokenizerJson.write(model.directory(), folder.resolve(TOKENIZER));
            try (Tokenizer tokenizer = Tokenizers.open(checkpoint.files())) {
                if (!questions.isEmpty()) {
                    write(QUESTIONS, TokenizedQuestion.of(tokenizer, questions));
                }
                if (needsCalibration(contenders)) {
                    write(
                            CALIBRATION,
                            TokenizedQuestion.of(tokenizer, Question.read(data, CALIBRATION_QUESTIONS)).stream()
                                    .flatMap(question -> question.windows().stream())
                                    .toList());
                }
            }
        }
        if (contenders.stream().anyMatch(Contender::isOpenVino)) {
            python.output("convert", folder.toString(), "float32");
        }
        if (needsCalibration(contenders)) {
            progress.accept("quantising " + model.title() + " with NNCF");
            python.output("convert", folder.toString(), "int8");
        }
    }

    public static boolean needsCalibration(List<Contender> contenders) {
        return contenders.stream()
                .anyMatch(contender ->
                        contender.isOpenVino() && contender.precision().equals("int8"));
    }

    private static Set<OnnxNetwork.Kind> kinds(List<Contender> contenders) {
        Set<OnnxNetwork.Kind> kinds = EnumSet.noneOf(OnnxNetwork.Kind.class);
        for (Contender contender : contenders) {
            if (contender.isOnnxRuntime() || contender.isDjl()) {
                String graph = contender.options().get("graph").orElse("fused");
                for (OnnxNetwork.Kind kind : OnnxNetwork.Kind.values()) {
                    if (kind.file().equals(graph + ".onnx")) {
                        kinds.add(kind);
                    }
                }
            } else if (contender.isOpenVino()) {
                kinds.add(OnnxNetwork.Kind.PLAIN);
            }
        }
        return kinds;
    }

    /** The measured questions, of a folder that was made. */
    public static List<TokenizedQuestion> questions(Path folder) {
        Path file = folder.resolve(QUESTIONS);
        try {
            return new ObjectMapper().readValue(file.toFile(), new TypeReference<>() {});
        } catch (IOException e) {
            throw new BenchmarkException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void write(String name, Object value) throws IOException {
        mapper.writeValue(folder.resolve(name).toFile(), value);
    }
}
