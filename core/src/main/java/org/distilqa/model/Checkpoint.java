package org.distilqa.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidModelException;
import org.distilqa.ModelDownloadException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.graph.BertConfig;
import org.distilqa.graph.BertForQuestionAnswering;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.distilqa.graph.Graph;
import org.distilqa.graph.NetworkConfig;
import org.distilqa.graph.Parameters;
import org.distilqa.internal.Closing;
import org.distilqa.safetensors.CheckpointTensors;

/**
 * A checkpoint of DistilBERT or BERT for question answering, in the layout of Hugging Face: {@code config.json} and
 * {@code model.safetensors}, or several files with {@code model.safetensors.index.json}, and a tokenizer's files, which are the
 * tokenizer's business. Safe for use by many threads. The weights are read when a device asks for them; their files stay open until
 * the checkpoint is closed.
 *
 * <p>Tensors that the network does not use are ignored, whatever they are. What stands before the names of the others
 * ({@code distilbert.} in Hugging Face's checkpoints) may be anything or nothing, and layer norms may have {@code gamma} and
 * {@code beta} for weight and bias. Weights may be of the types F32, F64, F16, BF16, F8_E4M3, F8_E5M2 and F8_E8M0.
 *
 * <p>Nothing in the files is trusted. What they claim is checked before memory is taken for it, and a file beyond these limits is
 * refused:
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><th>of<th>at most
 * <tr><td>{@code config.json}<td>1 MiB
 * <tr><td>{@code model.safetensors.index.json}<td>4 MiB, and 1,000 files that it names
 * <tr><td>lists and objects of JSON in each other<td>200
 * <tr><td>digits of a number in JSON<td>1,000
 * <tr><td>values in a file of JSON<td>8,000,000
 * <tr><td>the header of a safetensors file<td>100,000,000 bytes, the format's own limit, and no more than the file has
 * <tr><td>tensors of a file<td>100,000, each of 32 dimensions whose product is less than 2^60
 * <tr><td>elements of a tensor that is used<td>2^29, which takes 2 GB as float32
 * <tr><td>{@code dim} and {@code hidden_dim}, {@code hidden_size} and {@code intermediate_size}<td>2^20
 * <tr><td>all dimensions<td>what the tensors that are there have: each is compared before a weight is read
 * </table>
 */
public final class Checkpoint implements AutoCloseable {
    /** The file that makes a folder a checkpoint. */
    static final String CONFIG = "config.json";

    private static final String TOKEN_TABLE = "embeddings.word_embeddings.weight";

    private final ModelFiles files;
    private final NetworkConfig config;
    private final Graph graph;
    private final CheckpointTensors weights;

    private Checkpoint(ModelFiles files, NetworkConfig config, Graph graph, CheckpointTensors weights) {
        this.files = files;
        this.config = config;
        this.graph = graph;
        this.weights = weights;
    }

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
        NetworkConfig config = ConfigJson.read(files);
        CheckpointTensors weights = WeightFiles.open(files);
        try {
            Graph graph = graph(config, weights);
            graph.parameters().forEach(parameter -> weights.requireWeight(parameter.name()));
            return new Checkpoint(files, config, graph, weights);
        } catch (RuntimeException e) {
            Closing.after(e, weights);
            throw e;
        }
    }

    private static Graph graph(NetworkConfig config, CheckpointTensors weights) {
        String head = prefix(weights, "qa_outputs.weight", "");
        if (config instanceof BertConfig bert) {
            return BertForQuestionAnswering.graph(bert, weights, prefix(weights, TOKEN_TABLE, "bert."), head);
        }
        return DistilBertForQuestionAnswering.graph(
                (DistilBertConfig) config, weights, prefix(weights, TOKEN_TABLE, "distilbert."), head);
    }

    /** What stands before a tensor's name, where it is not the usual prefix: that of another program that saved it, or none. */
    private static String prefix(CheckpointTensors weights, String name, String usual) {
        if (weights.names().contains(usual + name)) {
            return usual;
        }
        List<String> found = weights.names().stream()
                .filter(candidate -> candidate.equals(name) || candidate.endsWith("." + name))
                .sorted()
                .toList();
        if (found.size() > 1) {
            throw new InvalidModelException(weights.source() + ": has " + found.get(0) + " and " + found.get(1)
                    + ", but no " + usual + name + "; which of them is the network's?");
        }
        return found.isEmpty() ? usual : found.get(0).substring(0, found.get(0).length() - name.length());
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
     * @throws InvalidConfigurationException if the name or the revision is malformed
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
     * @throws InvalidConfigurationException if the name or the revision is malformed
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
            throw new InvalidConfigurationException(
                    "\"" + model + "\" is neither a directory nor a repository's id", e);
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
     * Its files, of which the tokenizer's are read by {@link org.distilqa.tokenizer.Tokenizers}.
     *
     * @return the files
     */
    public ModelFiles files() {
        return files;
    }

    /**
     * The network's dimensions.
     *
     * @return those of {@code config.json}
     */
    public NetworkConfig config() {
        return config;
    }

    /**
     * The network.
     *
     * @return its steps, every parameter of which was found in its shape
     */
    public Graph graph() {
        return graph;
    }

    /**
     * The weights, read from their files when they are asked for.
     *
     * @return the weights, which can be read until the checkpoint is closed
     */
    public Parameters parameters() {
        return weights;
    }

    /**
     * Closes the files of the weights, which a device needs no more once it has compiled the graph. The other parts can still
     * be used. Closing again does nothing.
     */
    @Override
    public void close() {
        try {
            weights.close();
        } catch (IOException e) {
            throw new QuestionAnsweringException(weights.source() + ": cannot be closed: " + e, e);
        }
    }

    @Override
    public String toString() {
        return "the checkpoint " + files.location() + ", " + config;
    }
}
