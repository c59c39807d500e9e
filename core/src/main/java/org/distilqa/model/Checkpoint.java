package org.distilqa.model;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.distilqa.InvalidModelException;
import org.distilqa.InvalidRequestException;
import org.distilqa.ModelDownloadException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * A DistilBERT checkpoint for question answering, in the layout of Hugging Face: {@code config.json} and
 * {@code model.safetensors}, and a tokenizer's files, which are the tokenizer's business. Safe for use by many threads. The
 * weights are read when a device asks for them; their files stay open until the checkpoint is closed.
 *
 * @param files its files
 * @param config the network's dimensions
 * @param graph the network
 * @param parameters its weights
 */
public record Checkpoint(ModelFiles files, DistilBertConfig config, Graph graph, Parameters parameters)
        implements AutoCloseable {
    /** The file that makes a folder a checkpoint. */
    static final String CONFIG = "config.json";

    private static final String WEIGHTS = "model.safetensors";

    /**
     * Opens the checkpoint in a directory and checks it: the files, and that every tensor that the configuration calls for is
     * there in its shape and of a type that can be used. Whether the weights are finite numbers is checked as they are read.
     *
     * @param directory the directory
     * @return the checkpoint, which the caller closes
     * @throws InvalidModelException if something is missing or wrong, with the file and the reason
     */
    public static Checkpoint open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InvalidModelException(directory + ": there is no such directory");
        }
        return open(ModelFiles.of(directory));
    }

    /**
     * As {@link #open(Path)}, for files that need not be a directory's.
     *
     * @param files the files
     * @return the checkpoint, which the caller closes
     * @throws InvalidModelException if something is missing or wrong, with the file and the reason
     */
    public static Checkpoint open(ModelFiles files) {
        DistilBertConfig config = ConfigJson.read(files);
        SafetensorsFile weights = openWeights(files);
        try {
            Graph graph = DistilBertForQuestionAnswering.graph(config, weights);
            graph.parameters().forEach(parameter -> weights.requireWeight(parameter.name()));
            return new Checkpoint(files, config, graph, weights);
        } catch (RuntimeException e) {
            try {
                weights.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /**
     * Opens a checkpoint by a directory's name, a hub id or {@code bundled}. A repository is downloaded into the cache if it is
     * not there; {@code bundled} is the model of the artifact {@code distilqa-bundled-model} on the class path, read where it is.
     *
     * @param model a directory, the id of a repository on the hub, or {@code bundled} (a directory of that name is
     *     {@code ./bundled})
     * @param revision a branch, a tag or a commit of the repository; of no effect otherwise
     * @param hub how the hub is reached and where its files are kept
     * @return the checkpoint, which the caller closes
     * @throws InvalidRequestException if the name or the revision is malformed
     * @throws ModelDownloadException if it could not be brought from the hub
     * @throws OperationInterruptedException if the thread was interrupted while it was brought from the hub
     * @throws InvalidModelException if something is missing or wrong, with the file and the reason
     */
    public static Checkpoint load(String model, String revision, HubOptions hub) {
        return load(model, revision, () -> hub);
    }

    /**
     * As {@link #load(String, String, HubOptions)}, for options that need not be right when the model is not on the hub, such
     * as those of the environment.
     *
     * @param model a directory, the id of a repository on the hub, or {@code bundled}
     * @param revision a branch, a tag or a commit of the repository; of no effect otherwise
     * @param hub how the hub is reached and where its files are kept; asked only if the model is on the hub
     * @return the checkpoint, which the caller closes
     * @throws InvalidRequestException if the name or the revision is malformed
     * @throws ModelDownloadException if it could not be brought from the hub
     * @throws OperationInterruptedException if the thread was interrupted while it was brought from the hub
     * @throws InvalidModelException if something is missing or wrong, with the file and the reason
     */
    public static Checkpoint load(String model, String revision, Supplier<HubOptions> hub) {
        return model.equals(BundledModel.NAME) ? open(BundledModel.files()) : open(directory(model, revision, hub));
    }

    private static Path directory(String model, String revision, Supplier<HubOptions> hub) {
        Path path;
        try {
            path = Path.of(model);
        } catch (InvalidPathException e) {
            throw new InvalidRequestException("\"" + model + "\" is neither a directory nor a repository's id", e);
        }
        if (Files.exists(path) || !ModelHub.isRepositoryId(model)) {
            return path;
        }
        try {
            return new ModelHub(hub.get()).download(model, revision);
        } catch (ModelDownloadException e) {
            // The person may have meant a directory.
            throw new ModelDownloadException(
                    "there is no directory " + model + ", and from the hub: " + e.getMessage(), e);
        }
    }

    /**
     * Closes the files of the weights, which a device needs no more once it has compiled the graph. The other parts can still
     * be used. Closing again does nothing.
     */
    @Override
    public void close() {
        if (parameters instanceof Closeable files) {
            try {
                files.close();
            } catch (IOException e) {
                throw new QuestionAnsweringException(parameters.source() + ": cannot be closed: " + e, e);
            }
        }
    }

    private static SafetensorsFile openWeights(ModelFiles files) {
        if (!files.has(WEIGHTS) && files.has("pytorch_model.bin")) {
            throw new InvalidModelException(
                    files.location(WEIGHTS) + ": there is no such file, only pytorch_model.bin; convert it with"
                            + " AutoModelForQuestionAnswering.from_pretrained(...).save_pretrained(..., safe_serialization=True)");
        }
        return SafetensorsFile.open(files, WEIGHTS);
    }
}
