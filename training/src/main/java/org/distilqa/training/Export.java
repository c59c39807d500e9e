package org.distilqa.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a training's state as a checkpoint in the layout of Hugging Face, the weights in float16. */
final class Export {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path work;
    private final Dimensions dimensions;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> tensors = new LinkedHashMap<>();

    Export(Path work, Dimensions dimensions) {
        this.work = work;
        this.dimensions = dimensions;
    }

    /**
     * Writes {@code config.json}, {@code model.safetensors}, {@code vocab.txt} and {@code tokenizer_config.json}.
     *
     * @param target the directory
     */
    void run(Path target) throws IOException {
        Map<String, float[]> state = readState();
        collect(state);
        Files.createDirectories(target);
        for (String file : List.of("vocab.txt", "tokenizer_config.json")) {
            Files.copy(
                    work.resolve("checkpoint").resolve(file),
                    target.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(target.resolve("config.json"), config());
        writeWeights(target.resolve("model.safetensors"));
    }

    private Map<String, float[]> readState() throws IOException {
        Parameters parameters = new Parameters(Initialization.of(work, dimensions));
        State.load(work.resolve("state.bin"), List.of(parameters.values()));
        return parameters.byName();
    }

    private void collect(Map<String, float[]> state) {
        int width = dimensions.width();
        int hidden = dimensions.hidden();
        String embeddings = "distilbert.embeddings.";
        add(embeddings + "word_embeddings.weight", state.get("word"), dimensions.vocabulary(), width);
        add(embeddings + "position_embeddings.weight", state.get("position"), dimensions.positions(), width);
        norm(embeddings + "LayerNorm", state, "embeddings");
        for (int layer = 0; layer < dimensions.layers(); layer++) {
            String prefix = "distilbert.transformer.layer." + layer + ".";
            String own = layer + ".";
            List<String> maps = List.of("q_lin", "k_lin", "v_lin");
            for (int map = 0; map < maps.size(); map++) {
                linear(prefix + "attention." + maps.get(map), state, own + "qkv", width, map * width, width);
            }
            linear(prefix + "attention.out_lin", state, own + "out", width, 0, width);
            norm(prefix + "sa_layer_norm", state, own + "attention");
            linear(prefix + "ffn.lin1", state, own + "lin1", width, 0, hidden);
            linear(prefix + "ffn.lin2", state, own + "lin2", hidden, 0, width);
            norm(prefix + "output_layer_norm", state, own + "output");
        }
        linear("qa_outputs", state, "qa", width, 0, 2);
    }

    private void add(String name, float[] values, long... shape) {
        shapes.put(name, shape);
        tensors.put(name, values);
    }

    private void norm(String name, Map<String, float[]> state, String own) {
        add(name + ".weight", state.get(own + ".norm.weight"), dimensions.width());
        add(name + ".bias", state.get(own + ".norm.bias"), dimensions.width());
    }

    /** Columns {@code from} to {@code from + out} of a matrix (in, all), as (out, in). */
    private void linear(String name, Map<String, float[]> state, String own, int in, int from, int out) {
        float[] matrix = state.get(own + ".weight");
        float[] bias = state.get(own + ".bias");
        int all = bias.length;
        float[] turned = new float[out * in];
        float[] part = new float[out];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                turned[o * in + i] = matrix[i * all + from + o];
            }
            part[o] = bias[from + o];
        }
        add(name + ".weight", turned, out, in);
        add(name + ".bias", part, out);
    }

    private String config() throws IOException {
        ObjectNode config = MAPPER.createObjectNode();
        config.put("model_type", "distilbert");
        config.putArray("architectures").add("DistilBertForQuestionAnswering");
        config.put("vocab_size", dimensions.vocabulary());
        config.put("max_position_embeddings", dimensions.positions());
        config.put("n_layers", dimensions.layers());
        config.put("n_heads", dimensions.heads());
        config.put("dim", dimensions.width());
        config.put("hidden_dim", dimensions.hidden());
        config.put("activation", "gelu");
        config.put("sinusoidal_pos_embds", false);
        config.put("pad_token_id", 0);
        config.put("torch_dtype", "float16");
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n";
    }

    private void writeWeights(Path file) throws IOException {
        ObjectNode header = MAPPER.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (Map.Entry<String, float[]> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F16");
            for (long dimension : shapes.get(tensor.getKey())) {
                entry.withArray("shape").add(dimension);
            }
            entry.putArray("data_offsets").add(offset).add(offset + 2L * tensor.getValue().length);
            offset += 2L * tensor.getValue().length;
        }
        String json = header.toString();
        json += " ".repeat((8 - json.length() % 8) % 8);
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteBuffer length =
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length());
            out.write(length.array());
            out.write(json.getBytes(StandardCharsets.US_ASCII));
            for (float[] values : tensors.values()) {
                ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                for (float value : values) {
                    bytes.putShort(Half.of(value));
                }
                out.write(bytes.array());
            }
        }
    }
}
