package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Activation;
import org.distilqa.graph.BertConfig;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.model.CheckpointFiles.Tensor;
import org.distilqa.safetensors.ShardIndex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checkpoints as people's programs have saved them: the same ops with the same weights come out, which give the same logits, or a
 * refusal that says why.
 */
class CheckpointVariantsTest {
    private static final String TOKEN_TABLE = "distilbert.embeddings.word_embeddings.weight";
    private static final String POSITION_TABLE = "distilbert.embeddings.position_embeddings.weight";
    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    private Path directory;

    /** Changed by the tests before they are written. */
    private Map<String, Tensor> tensors = fill(CheckpointFiles.tensors());

    private String config = CheckpointFiles.CONFIG;
    private List<Object> base;
    private final List<Checkpoint> opened = new ArrayList<>();

    @BeforeEach
    void describeTheBase() throws IOException {
        base = describe(open());
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Checkpoint::close);
    }

    /** Weights that every type of eight bits or more can hold: quarters between -1.75 and 1.75. */
    private static Map<String, Tensor> fill(Map<String, long[]> shapes) {
        Random random = new Random(5);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (random.nextInt(15) - 7) / 4f;
            }
            tensors.put(name, floats(shape, values));
        });
        return tensors;
    }

    private static Tensor floats(long[] shape, float... values) {
        ByteBuffer data = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Tensor("F32", shape, data.array());
    }

    private Checkpoint open() throws IOException {
        Files.writeString(directory.resolve("config.json"), config);
        CheckpointFiles.writeFile(directory.resolve(WEIGHTS), tensors);
        return openWhatIsThere();
    }

    private Checkpoint openWhatIsThere() {
        Checkpoint checkpoint = Checkpoint.open(directory);
        opened.add(checkpoint);
        return checkpoint;
    }

    /** All that a device computes with: each node's op without names, what it takes, and the values of its parameters. */
    private static List<Object> describe(Checkpoint checkpoint) {
        List<Object> description = new ArrayList<>();
        for (Node node : checkpoint.graph().nodes()) {
            description.add(node.op().getClass());
            description.add(node.inputs());
            description.add(node.width());
            if (node.op() instanceof Op.Linear linear) {
                description.add(linear.activation());
            }
            if (node.op() instanceof Op.LayerNorm norm) {
                description.add(norm.epsilon());
            }
            for (Parameter parameter : node.op().parameters()) {
                description.add(parameter.shape());
                description.add(ByteBuffer.wrap(bytes(checkpoint.parameters().read(parameter))));
            }
        }
        return description;
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private void rename(UnaryOperator<String> rename) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> renamed.put(rename.apply(name), tensor));
        tensors = renamed;
    }

    private void assertIsTheBase() throws IOException {
        assertThat(describe(open())).isEqualTo(base);
    }

    private void assertRefused(String file, String message) {
        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve(file) + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "bert., ''", "model.distilbert., model.", "module.distilbert., module.", "encoder., head."})
    void takesAnyPrefixOfTensors(String encoder, String head) throws IOException {
        rename(name -> name.startsWith("distilbert.") ? name.replaceFirst("distilbert\\.", encoder) : head + name);
        assertIsTheBase();
    }

    @Test
    void prefersTheUsualPrefixToOthers() throws IOException {
        tensors.put("teacher." + TOKEN_TABLE, floats(new long[] {1}, 7));
        tensors.put("teacher.qa_outputs.weight", floats(new long[] {1}, 7));
        assertIsTheBase();
    }

    @Test
    void asksWhichOfTwoNetworksIsMeant() {
        rename(name -> "student." + name);
        tensors.put("teacher." + TOKEN_TABLE, floats(new long[] {1}, 7));
        assertRefused(
                WEIGHTS,
                "has student." + TOKEN_TABLE + " and teacher." + TOKEN_TABLE + ", but no " + TOKEN_TABLE
                        + "; which of them");
    }

    @Test
    void takesGammaAndBetaForTheWeightsOfLayerNorms() throws IOException {
        rename(name -> name.replaceFirst("(LayerNorm|layer_norm)\\.weight", "$1.gamma")
                .replaceFirst("(LayerNorm|layer_norm)\\.bias", "$1.beta"));
        assertThat(tensors).containsKey("distilbert.transformer.layer.0.sa_layer_norm.gamma");
        assertIsTheBase();
    }

    @Test
    void ignoresTensorsThatTheNetworkDoesNotUseWhateverTheyAre() throws IOException {
        tensors.put("distilbert.embeddings.position_ids", new Tensor("I64", new long[] {1, 2}, new byte[16]));
        tensors.put("extra.scale", new Tensor("F8_E8M0", new long[] {4}, new byte[4]));
        tensors.put("extra.nibbles", new Tensor("F4", new long[] {2, 3}, new byte[3]));
        tensors.put("extra.unheard", new Tensor("Q3_K", new long[] {256}, new byte[110]));
        tensors.put("pooler.dense.bias", floats(new long[] {2}, Float.NaN, Float.POSITIVE_INFINITY));
        // Tied to the token table when it was trained.
        tensors.put("vocab_projector.weight", tensors.get(TOKEN_TABLE));
        assertIsTheBase();
    }

    @ParameterizedTest
    @ValueSource(strings = {"F64", "F16", "BF16", "F8_E4M3", "F8_E5M2"})
    void convertsWeightsOfOtherFloatTypesExactly(String dtype) throws IOException {
        tensors.replaceAll((name, tensor) -> new Tensor(dtype, tensor.shape(), encode(dtype, tensor.bytes())));
        assertIsTheBase();
    }

    private static byte[] encode(String dtype, byte[] float32) {
        ByteBuffer from = ByteBuffer.wrap(float32).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(2 * float32.length).order(ByteOrder.LITTLE_ENDIAN);
        while (from.hasRemaining()) {
            float value = from.getFloat();
            switch (dtype) {
                case "F64" -> to.putDouble(value);
                case "BF16" -> to.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                case "F16" -> to.putShort((short) bits(5, 10, value));
                case "F8_E4M3" -> to.put((byte) bits(4, 3, value));
                default -> to.put((byte) bits(5, 2, value));
            }
        }
        return Arrays.copyOf(to.array(), to.position());
    }

    /** The bits of a float of one bit of sign, and so many of exponent and fraction. */
    private static int bits(int exponentBits, int fractionBits, float value) {
        for (int bits = 0; bits < 1 << 1 + exponentBits + fractionBits; bits++) {
            if (value(bits, exponentBits, fractionBits) == value) {
                return bits;
            }
        }
        throw new AssertionError(value + " has no bits");
    }

    /** IEEE 754, section 3.4, of finite numbers. */
    private static double value(int bits, int exponentBits, int fractionBits) {
        int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
        int bias = (1 << exponentBits - 1) - 1;
        double fraction = (bits & (1 << fractionBits) - 1) / (double) (1 << fractionBits);
        double magnitude =
                exponent == 0 ? fraction * Math.pow(2, 1 - bias) : (1 + fraction) * Math.pow(2, exponent - bias);
        return bits >> exponentBits + fractionBits == 0 ? magnitude : -magnitude;
    }

    @ParameterizedTest
    @ValueSource(strings = {"I8", "I64", "BOOL", "U8", "Q3_K"})
    void refusesWeightsOfTypesThatAreNoFloats(String dtype) {
        String name = "distilbert.transformer.layer.0.ffn.lin1.weight";
        tensors.put(name, new Tensor(dtype, new long[] {12, 8}, new byte[dtype.equals("I64") ? 768 : 96]));
        assertRefused(WEIGHTS, "tensor " + name + " has dtype " + dtype);
    }

    @Test
    void refusesAWeightThatIsNotANumber() throws IOException {
        tensors.put("qa_outputs.bias", floats(new long[] {2}, Float.NaN, 0));
        Checkpoint checkpoint = open();
        assertThatThrownBy(() -> describe(checkpoint))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tensor qa_outputs.bias has the value NaN at index 0");
    }

    @Test
    void refusesAHeadOfAnotherName() {
        rename(name -> name.replace("qa_outputs", "classifier"));
        assertRefused(WEIGHTS, "tensor qa_outputs.weight is missing");
    }

    @Test
    void refusesAHeadOfThreeOutputs() {
        tensors.put("qa_outputs.weight", floats(new long[] {3, 8}, new float[24]));
        assertRefused(WEIGHTS, "tensor qa_outputs.weight has shape [3, 8], but config.json asks for [2, 8]");
    }

    @Test
    void takesTheNamesThatOtherNetworksHaveForAField() throws IOException {
        config = config.replace("n_layers", "num_hidden_layers")
                .replace("n_heads", "num_attention_heads")
                .replace("\"dim\"", "\"hidden_size\"");
        assertIsTheBase();
    }

    @Test
    void takesTheOtherNameWhereBothAreThereAsTransformersDoes() throws IOException {
        config = config.replace("{", "{\"num_hidden_layers\": 1, \"hidden_size\": 8, \"num_attention_heads\": 2,")
                .replace("\"n_layers\": 1", "\"n_layers\": 5");
        assertIsTheBase();
    }

    @Test
    void takesTheDefaultsOfTransformersForFieldsThatAreAbsent() throws IOException {
        tensors.put(TOKEN_TABLE, floats(new long[] {30522, 8}, new float[30522 * 8]));
        tensors.put(POSITION_TABLE, floats(new long[] {512, 8}, new float[512 * 8]));
        config = config.replace("\"vocab_size\": 40, \"max_position_embeddings\": 64, ", "")
                .replace(", \"activation\": \"gelu\"", "");
        assertThat(open().config())
                .isEqualTo(DistilBertConfig.builder()
                        .nLayers(1)
                        .nHeads(2)
                        .dim(8)
                        .hiddenDim(12)
                        .build());
        config = "{\"model_type\": \"distilbert\"}";
        assertRefused(
                WEIGHTS, "tensor " + TOKEN_TABLE + " has shape [30522, 8], but config.json asks for [30522, 768]");
    }

    @ParameterizedTest
    @CsvSource({
        "gelu, GELU",
        "gelu_python, GELU",
        "gelu_new, GELU_TANH",
        "gelu_fast, GELU_TANH",
        "gelu_accurate, GELU_TANH",
        "gelu_pytorch_tanh, GELU_TANH",
        "gelu_python_tanh, GELU_TANH",
        "relu, RELU",
        "silu, SILU",
        "swish, SILU"
    })
    void knowsTheNamesOfActivations(String name, Activation activation) throws IOException {
        config = config.replace("\"gelu\"", "\"" + name + "\"");
        assertThat(open().config().activation()).isEqualTo(activation);
        assertThat(activations(open().graph()))
                .containsExactly(Activation.NONE, Activation.NONE, activation, Activation.NONE, Activation.NONE);
    }

    private static List<Activation> activations(Graph graph) {
        return graph.nodes().stream()
                .filter(node -> node.op() instanceof Op.Linear)
                .map(node -> ((Op.Linear) node.op()).activation())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quick_gelu", "gelu_10", "relu2", "mish", "tanh", "sigmoid", ""})
    void refusesActivationsThatItDoesNotHave(String name) {
        config = config.replace("\"gelu\"", "\"" + name + "\"");
        assertRefused("config.json", "activation is \"" + name + "\"; what can be run is gelu, gelu_accurate, ");
    }

    @Test
    void takesTheActivationGeluWhereNoneIsNamed() throws IOException {
        config = config.replace(", \"activation\": \"gelu\"", ", \"hidden_act\": \"relu\"");
        // As in transformers, where hidden_act is no name of DistilBERT's.
        assertIsTheBase();
    }

    @Test
    void takesAnyNumberOfPositionsAndPaddedVocabularies() throws IOException {
        tensors.put(POSITION_TABLE, floats(new long[] {128, 8}, new float[128 * 8]));
        tensors.put(TOKEN_TABLE, floats(new long[] {46, 8}, new float[46 * 8]));
        config = config.replace(": 64", ": 128, \"sinusoidal_pos_embds\": true").replace(": 40", ": 46");
        Graph graph = open().graph();
        assertThat(graph.maxPositions()).isEqualTo(128);
        assertThat(graph.vocabularySize()).isEqualTo(46);
    }

    @Test
    void readsAConfigWithNumbersThatAreNone() throws IOException {
        config = config.replaceFirst("\\{", "{\"some_value\": NaN, \"inf\": Infinity, \"less\": -Infinity,");
        assertIsTheBase();
        config = config.replace("\"dim\": 8", "\"dim\": NaN");
        assertRefused("config.json", "dim is ");
    }

    @Test
    void readsAConfigWithAByteOrderMark() throws IOException {
        config = "\ufeff" + config;
        assertIsTheBase();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "pytorch_model.bin.index.json"})
    void saysHowPickledWeightsAreConverted(String name) throws IOException {
        Files.move(directory.resolve(WEIGHTS), directory.resolve(name));
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("only " + name + "; convert it with AutoModelForQuestionAnswering");
    }

    @Test
    void saysThatTheWeightsAreMissingWhereOnlyTensorFlowsAreThere() throws IOException {
        Files.move(directory.resolve(WEIGHTS), directory.resolve("tf_model.h5"));
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory.resolve(WEIGHTS) + ": there is no such file");
    }

    private void useBert() {
        tensors = fill(CheckpointFiles.bertTensors());
        config = CheckpointFiles.BERT_CONFIG;
    }

    @Test
    void opensBertWithTokenTypesAndWithoutItsPooler() throws IOException {
        useBert();
        tensors.put("bert.pooler.dense.weight", floats(new long[] {1}, Float.NaN));
        Checkpoint checkpoint = open();
        assertThat(checkpoint.config())
                .isEqualTo(BertConfig.builder()
                        .vocabSize(40)
                        .maxPositionEmbeddings(64)
                        .numHiddenLayers(1)
                        .numAttentionHeads(2)
                        .hiddenSize(8)
                        .intermediateSize(12)
                        .build());
        assertThat(checkpoint.graph().parameters().stream().map(Parameter::name))
                .containsExactlyInAnyOrderElementsOf(
                        CheckpointFiles.bertTensors().keySet());
        Op.Embeddings embeddings =
                (Op.Embeddings) checkpoint.graph().nodes().get(0).op();
        assertThat(embeddings.types().map(Parameter::name)).contains("bert.embeddings.token_type_embeddings.weight");
        // The same ops in the same order as DistilBERT's.
        List<Object> kinds = new ArrayList<>(base);
        kinds.removeIf(part -> !(part instanceof Class));
        assertThat(checkpoint.graph().nodes().stream()
                        .<Object>map(node -> node.op().getClass())
                        .toList())
                .isEqualTo(kinds);
    }

    @Test
    void takesBertWithAnotherPrefixAndWithGammaAndBeta() throws IOException {
        useBert();
        List<Object> bert = describe(open());
        rename(name -> name.replaceFirst("bert\\.", "")
                .replace("Norm.weight", "Norm.gamma")
                .replace("Norm.bias", "Norm.beta"));
        assertThat(describe(open())).isEqualTo(bert);
    }

    @Test
    void takesTheLayerNormEpsilonOfBertsConfig() throws IOException {
        useBert();
        config = config.replace("1e-12", "1e-5");
        assertThat(open().graph().nodes().stream()
                        .map(Node::op)
                        .filter(Op.LayerNorm.class::isInstance)
                        .map(norm -> ((Op.LayerNorm) norm).epsilon()))
                .containsExactly(1e-5, 1e-5, 1e-5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"type_vocab_size\": 2 | \"type_vocab_size\": 1 | type_vocab_size is 1; a question and its context",
                "{ | {\"position_embedding_type\": \"relative_key\", | position_embedding_type is \"relative_key\"",
                "{ | {\"is_decoder\": true, | is_decoder is true",
                "1e-12 | -1 | layer_norm_eps is -1.0; it must be from 0 to 1",
                "1e-12 | NaN | layer_norm_eps is NaN; it must be from 0 to 1",
                "1e-12 | \"small\" | layer_norm_eps is \"small\"; it must be a number",
                "\"gelu\" | \"mish\" | hidden_act is \"mish\"",
                "\"num_attention_heads\": 2 | \"num_attention_heads\": 3 | hidden_size is 8, which num_attention_heads, 3",
                "\"hidden_size\": 8 | \"hidden_size\": 0 | hidden_size is 0; it must be at least 1"
            })
    void refusesABertThatItCannotRun(String old, String replacement, String message) {
        useBert();
        config = config.replace(old, replacement);
        assertRefused("config.json", message);
    }

    @Test
    void takesTheDefaultsOfTransformersForFieldsThatBertsConfigLacks() {
        useBert();
        config = "{\"model_type\": \"bert\", \"position_embedding_type\": \"absolute\"}";
        assertRefused(
                WEIGHTS,
                "tensor bert.embeddings.word_embeddings.weight has shape [40, 8], but config.json asks for [30522, 768]");
    }

    @Test
    void refusesTensorsOfDistilBertUnderAConfigOfBert() {
        config = CheckpointFiles.BERT_CONFIG;
        assertRefused(WEIGHTS, "tensor distilbert.embeddings.token_type_embeddings.weight is missing");
    }

    @ParameterizedTest
    @EnumSource(Sharding.class)
    void readsTensorsFromTheFilesThatAnIndexNames(Sharding sharding) throws IOException {
        shard(sharding, "");
        Checkpoint checkpoint = openWhatIsThere();
        assertThat(describe(checkpoint)).isEqualTo(base);
        checkpoint.close();
        checkpoint.close();
        assertThatThrownBy(() -> describe(checkpoint)).isInstanceOf(ClosedException.class);
    }

    /** How tensors are shared out among files. */
    private enum Sharding {
        HALVES,
        ONE_EACH
    }

    /** Writes the tensors into several files, and an index in which a text is replaced by another. */
    private void shard(Sharding sharding, String old, String... replacement) throws IOException {
        Files.deleteIfExists(directory.resolve(WEIGHTS));
        Map<String, Map<String, Tensor>> shards = new LinkedHashMap<>();
        StringBuilder index = new StringBuilder("{\"metadata\": {\"total_size\": 1}, \"weight_map\": {");
        int i = 0;
        for (String name : tensors.keySet()) {
            int number = sharding == Sharding.HALVES ? 2 * i / tensors.size() : i;
            String file = "model-0000" + number + ".safetensors";
            shards.computeIfAbsent(file, key -> new LinkedHashMap<>()).put(name, tensors.get(name));
            index.append(i++ == 0 ? "" : ", ").append("\"" + name + "\": \"" + file + "\"");
        }
        for (Map.Entry<String, Map<String, Tensor>> shard : shards.entrySet()) {
            CheckpointFiles.writeFile(directory.resolve(shard.getKey()), shard.getValue());
        }
        String text = index.append("}}").toString();
        Files.writeString(
                directory.resolve(ShardIndex.FILE),
                replacement.length == 0 ? text : text.replaceFirst(old, replacement[0]));
    }

    private void assertShardsRefused(String file, String message) {
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve(file) + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void namesAShardThatIsMissingOrBroken() throws IOException {
        shard(Sharding.HALVES, "");
        Path second = directory.resolve("model-00001.safetensors");
        Files.write(second, Arrays.copyOf(Files.readAllBytes(second), (int) Files.size(second) - 1));
        assertShardsRefused("model-00001.safetensors", "cut short");
        Files.delete(second);
        assertShardsRefused("model-00001.safetensors", "there is no such file");
    }

    @Test
    void namesATensorThatIsInAnotherShardThanTheIndexSays() throws IOException {
        shard(Sharding.HALVES, "00000", "00001");
        assertShardsRefused(
                ShardIndex.FILE,
                "says that tensor " + TOKEN_TABLE + " is in model-00001.safetensors, but it is not; it is in "
                        + directory.resolve("model-00000.safetensors"));
    }

    @Test
    void namesATensorThatIsInNoShard() throws IOException {
        shard(Sharding.HALVES, "word_embeddings", "other_embeddings");
        assertShardsRefused(ShardIndex.FILE, "says that tensor distilbert.embeddings.other_embeddings.weight is in");
    }

    @Test
    void namesATensorThatTheIndexLacks() throws IOException {
        tensors.remove("qa_outputs.bias");
        shard(Sharding.HALVES, "");
        assertShardsRefused(ShardIndex.FILE, "tensor qa_outputs.bias is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../model-00000.safetensors",
                "/etc/model-00000.safetensors",
                "shards/model-00000.safetensors",
                "..\\\\\\\\model-00000.safetensors",
                "C:model-00000.safetensors",
                "model-00000.bin",
                "",
                ".."
            })
    void readsNoFileOutsideItsFolder(String name) throws IOException {
        shard(Sharding.HALVES, "model-00000.safetensors", name);
        assertShardsRefused(ShardIndex.FILE, "it must be the name of a .safetensors file in the same folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | has no weight_map",
                "[] | has no weight_map",
                "{\"weight_map\": {}} | has no weight_map",
                "{\"weight_map\": [\"a\"]} | has no weight_map",
                "{\"weight_map\": {\"a\": 7}} | says that tensor a is in 7",
                "{\"weight_map\": | is not valid JSON"
            })
    void refusesAnIndexThatIsNone(String text, String message) throws IOException {
        shard(Sharding.HALVES, "");
        Files.writeString(directory.resolve(ShardIndex.FILE), text);
        assertShardsRefused(ShardIndex.FILE, message);
    }

    @Test
    void refusesAnIndexOfMoreFilesThanAnyCheckpointHas() throws IOException {
        shard(Sharding.HALVES, "");
        StringBuilder index = new StringBuilder("{\"weight_map\": {");
        for (int i = 0; i <= 1000; i++) {
            index.append(i == 0 ? "" : ",").append("\"" + i + "\":\"" + i + ".safetensors\"");
        }
        Files.writeString(directory.resolve(ShardIndex.FILE), index.append("}}"));
        assertShardsRefused(ShardIndex.FILE, "names more than 1000 files");
    }

    @Test
    void refusesAnIndexAndAConfigThatAreTooLarge() throws IOException {
        shard(Sharding.HALVES, "");
        Files.write(directory.resolve(ShardIndex.FILE), " ".repeat(1 << 23).getBytes(StandardCharsets.US_ASCII));
        assertShardsRefused(ShardIndex.FILE, "has more than 4194304 bytes");
        Files.write(directory.resolve("config.json"), " ".repeat(1 << 21).getBytes(StandardCharsets.US_ASCII));
        assertShardsRefused("config.json", "has more than 1048576 bytes");
    }

    @Test
    void prefersTheSingleFileToAnIndex() throws IOException {
        Files.writeString(directory.resolve(ShardIndex.FILE), "{}");
        assertIsTheBase();
    }

    @Test
    void hasNoTokenTypesInDistilBert() throws IOException {
        assertThat(((Op.Embeddings) open().graph().nodes().get(0).op()).types()).isEqualTo(Optional.empty());
    }
}
