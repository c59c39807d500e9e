package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidModelException;
import org.distilqa.ModelDownloadException;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void writeAGoodCheckpoint() throws IOException {
        CheckpointFiles.write(directory);
    }

    @Test
    void opensACheckpointAndNamesItsParametersAsTheFileDoes() {
        Checkpoint checkpoint = Checkpoint.open(directory);
        assertThat(checkpoint.graph().parameters().stream().map(Parameter::name))
                .containsExactlyInAnyOrderElementsOf(CheckpointFiles.tensors().keySet());
        assertThat(checkpoint.graph().vocabularySize()).isEqualTo(40);
        assertThat(checkpoint.graph().maxPositions()).isEqualTo(64);
    }

    @Test
    void needsNoSettingsOfAHubForADirectory() {
        Supplier<HubOptions> broken = () -> {
            throw new InvalidConfigurationException("HF_ENDPOINT is wrong");
        };
        assertThat(Checkpoint.load(directory.toString(), "main", broken).files().location())
                .isEqualTo(directory.toString());
        assertThatThrownBy(() -> Checkpoint.load("org/model", "main", broken))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("HF_ENDPOINT is wrong");
    }

    @Test
    void buildsTheNetworkInTheOrderOfThePaper() {
        assertThat(Checkpoint.open(directory).graph().nodes().stream()
                        .map(Node::op)
                        .map(op -> op.getClass().getSimpleName()))
                .containsExactly(
                        "Embeddings",
                        "LayerNorm",
                        "Linear",
                        "SelfAttention",
                        "Linear",
                        "LayerNorm",
                        "Linear",
                        "Linear",
                        "LayerNorm",
                        "Linear");
        Node attention = Checkpoint.open(directory).graph().nodes().get(3);
        assertThat(attention.op()).isEqualTo(new Op.SelfAttention(2, 0.5));
        assertThat(attention.width()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"distilbert\" | \"model_type\": \"gpt2\" | model_type is \"gpt2\"",
                "\"model_type\": \"distilbert\" | \"x\": 1 | the field model_type is missing",
                "\"n_layers\": 1 | \"n_layers\": null | n_layers is null; it must be a whole number",
                "\"dim\": 8 | \"dim\": 2000000 | dim is 2000000; at most 1048576 can be handled",
                "\"n_heads\": 2 | \"n_heads\": 3 | dim is 8, which n_heads, 3, does not divide",
                "\"n_heads\": 2 | \"n_heads\": 0 | n_heads is 0; it must be at least 1",
                "\"hidden_dim\": 12 | \"hidden_dim\": -12 | hidden_dim is -12; it must be at least 1",
                "\"vocab_size\": 40 | \"vocab_size\": 40.5 | vocab_size is 40.5; it must be a whole number",
                "\"vocab_size\": 40 | \"vocab_size\": 4000000000 | vocab_size is 4000000000; it must be a whole number",
                "\"activation\": \"gelu\" | \"activation\": \"tanh\" | activation is \"tanh\"; what can be run is gelu, gelu_acc",
                "\"activation\": \"gelu\" | \"activation\": null | activation is null",
                "\"dim\": 8 | \"dim\": 8,, | is not valid JSON"
            })
    void refusesAConfigThatItCannotUse(String old, String replacement, String message) throws IOException {
        Path config = directory.resolve("config.json");
        Files.writeString(config, CheckpointFiles.CONFIG.replace(old, replacement));
        assertRefused(config, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors"})
    void refusesACheckpointWithoutAFile(String name) throws IOException {
        Files.delete(directory.resolve(name));
        assertRefused(directory.resolve(name), "there is no such file");
    }

    @Test
    void saysThatPickledWeightsMustBeConverted() throws IOException {
        Files.move(directory.resolve("model.safetensors"), directory.resolve("pytorch_model.bin"));
        assertRefused(directory.resolve("model.safetensors"), "only pytorch_model.bin; convert it");
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> Checkpoint.open(missing))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("there is no such directory");
    }

    @Test
    void namesATensorThatIsMissing() throws IOException {
        Map<String, long[]> tensors = CheckpointFiles.tensors();
        tensors.remove("distilbert.transformer.layer.0.attention.k_lin.bias");
        Path file = directory.resolve("model.safetensors");
        CheckpointFiles.writeTensors(file, tensors);
        assertRefused(file, "tensor distilbert.transformer.layer.0.attention.k_lin.bias is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "distilbert.embeddings.word_embeddings.weight",
                "distilbert.embeddings.position_embeddings.weight",
                "distilbert.transformer.layer.0.ffn.lin1.weight",
                "distilbert.transformer.layer.0.output_layer_norm.bias",
                "qa_outputs.weight"
            })
    void namesATensorOfAnotherShapeWithBothShapes(String name) throws IOException {
        Map<String, long[]> tensors = CheckpointFiles.tensors();
        long[] shape = tensors.get(name).clone();
        shape[0]++;
        String expected = Arrays.toString(tensors.put(name, shape));
        Path file = directory.resolve("model.safetensors");
        CheckpointFiles.writeTensors(file, tensors);
        assertRefused(
                file,
                "tensor " + name + " has shape " + Arrays.toString(shape) + ", but config.json asks for " + expected);
    }

    @Test
    void doesNotBuildTheLayersOfAConfigThatTheFileDoesNotHave() throws IOException {
        Path config = directory.resolve("config.json");
        Files.writeString(config, CheckpointFiles.CONFIG.replace("\"n_layers\": 1", "\"n_layers\": 2147483647"));
        assertRefused(directory.resolve("model.safetensors"), "tensor distilbert.transformer.layer.1.attention.q_lin");
    }

    @Test
    void refusesAWeightThatIsNotANumberWhenItIsRead() throws IOException {
        Path file = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] = (byte) 0x7f;
        bytes[bytes.length - 2] = (byte) 0xc0;
        Files.write(file, bytes);
        Checkpoint checkpoint = Checkpoint.open(directory);
        assertThatThrownBy(() -> checkpoint.parameters().read("qa_outputs.bias", 0, new float[2], 0, 2))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining("tensor qa_outputs.bias has the value NaN at index 1");
    }

    @Test
    void saysWhatANameCouldHaveMeant() {
        HubOptions offline = TestHubOptions.from(Map.of(), directory).withOffline(true);
        assertThatThrownBy(() -> Checkpoint.load("org/model", "main", offline))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageStartingWith(
                        "there is no directory org/model, and from the hub: org/model at revision main");
        assertThatThrownBy(() -> Checkpoint.load("a\u0000b", "main", offline))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("\"a\u0000b\" is neither a directory nor a repository's id");
        assertThat(Checkpoint.open(directory).toString())
                .startsWith("the checkpoint " + directory + ", DistilBertConfig");
    }

    private void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}
