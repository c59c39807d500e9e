package org.distilqa.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Writes the smallest of checkpoints for tests: one layer, width 8, a vocabulary of 40. */
public final class CheckpointFiles {
    public static final String CONFIG = """
            {"model_type": "distilbert", "vocab_size": 40, "max_position_embeddings": 64, "n_layers": 1, "n_heads": 2,
             "dim": 8, "hidden_dim": 12, "activation": "gelu"}
            """;

    public static final String BERT_CONFIG = """
            {"model_type": "bert", "vocab_size": 40, "max_position_embeddings": 64, "type_vocab_size": 2,
             "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": 8, "intermediate_size": 12,
             "hidden_act": "gelu", "layer_norm_eps": 1e-12}
            """;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A tensor as a file has it. */
    record Tensor(String dtype, long[] shape, byte[] bytes) {}

    private CheckpointFiles() {}

    /** The tensors that CONFIG asks for, with their shapes. */
    public static Map<String, long[]> tensors() {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("distilbert.embeddings.word_embeddings.weight", new long[] {40, 8});
        tensors.put("distilbert.embeddings.position_embeddings.weight", new long[] {64, 8});
        vectors(tensors, "distilbert.embeddings.LayerNorm", 8);
        String layer = "distilbert.transformer.layer.0.";
        for (String map : new String[] {"q_lin", "k_lin", "v_lin", "out_lin"}) {
            linear(tensors, layer + "attention." + map, 8, 8);
        }
        vectors(tensors, layer + "sa_layer_norm", 8);
        linear(tensors, layer + "ffn.lin1", 12, 8);
        linear(tensors, layer + "ffn.lin2", 8, 12);
        vectors(tensors, layer + "output_layer_norm", 8);
        linear(tensors, "qa_outputs", 2, 8);
        return tensors;
    }

    /** The tensors that BERT_CONFIG asks for, with their shapes. */
    public static Map<String, long[]> bertTensors() {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("bert.embeddings.word_embeddings.weight", new long[] {40, 8});
        tensors.put("bert.embeddings.position_embeddings.weight", new long[] {64, 8});
        tensors.put("bert.embeddings.token_type_embeddings.weight", new long[] {2, 8});
        vectors(tensors, "bert.embeddings.LayerNorm", 8);
        String layer = "bert.encoder.layer.0.";
        for (String map : new String[] {"self.query", "self.key", "self.value", "output.dense"}) {
            linear(tensors, layer + "attention." + map, 8, 8);
        }
        vectors(tensors, layer + "attention.output.LayerNorm", 8);
        linear(tensors, layer + "intermediate.dense", 12, 8);
        linear(tensors, layer + "output.dense", 8, 12);
        vectors(tensors, layer + "output.LayerNorm", 8);
        linear(tensors, "qa_outputs", 2, 8);
        return tensors;
    }

    private static void vectors(Map<String, long[]> tensors, String prefix, long width) {
        tensors.put(prefix + ".weight", new long[] {width});
        tensors.put(prefix + ".bias", new long[] {width});
    }

    private static void linear(Map<String, long[]> tensors, String prefix, long outputs, long inputs) {
        tensors.put(prefix + ".weight", new long[] {outputs, inputs});
        tensors.put(prefix + ".bias", new long[] {outputs});
    }

    /** Writes config.json and model.safetensors with random float32 weights. */
    public static void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), CONFIG);
        writeTensors(directory.resolve("model.safetensors"), tensors());
    }

    /** Writes a safetensors file of float32 tensors with random values. */
    public static void writeTensors(Path file, Map<String, long[]> tensors) throws IOException {
        Random random = new Random(3);
        Map<String, Tensor> filled = new LinkedHashMap<>();
        tensors.forEach((name, shape) -> {
            int elements = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            ByteBuffer data = ByteBuffer.allocate(Float.BYTES * elements).order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining()) {
                data.putFloat((float) random.nextGaussian() * 0.3f);
            }
            filled.put(name, new Tensor("F32", shape, data.array()));
        });
        writeFile(file, filled);
    }

    /** Writes a safetensors file of these tensors. */
    static void writeFile(Path file, Map<String, Tensor> tensors) throws IOException {
        ObjectNode header = MAPPER.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode node = header.putObject(entry.getKey()).put("dtype", tensor.dtype());
            ArrayNode shape = node.putArray("shape");
            Arrays.stream(tensor.shape()).forEach(shape::add);
            node.putArray("data_offsets").add(data.size()).add(data.size() + tensor.bytes().length);
            data.writeBytes(tensor.bytes());
        }
        writeFile(file, header.toString(), data.toByteArray());
    }

    /** Writes the three parts of a safetensors file, whatever they are. */
    public static void writeFile(Path file, String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(text.length).put(text).put(data);
        Files.write(file, all.array());
    }
}
