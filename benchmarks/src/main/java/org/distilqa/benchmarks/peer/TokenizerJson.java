package org.distilqa.benchmarks.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.distilqa.benchmarks.contender.BenchmarkException;

/** The {@code tokenizer.json} of a checkpoint. DJL reads no {@code vocab.txt}, so one is made where there is none. */
public final class TokenizerJson {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private TokenizerJson() {}

    /** Writes the checkpoint's own file, or one made of its {@code vocab.txt}. */
    public static void write(Path model, Path target) {
        Path own = model.resolve("tokenizer.json");
        Path vocabulary = model.resolve("vocab.txt");
        Path config = model.resolve("tokenizer_config.json");
        ObjectMapper mapper = new ObjectMapper();
        try {
            if (Files.exists(own)) {
                Files.copy(own, target, StandardCopyOption.REPLACE_EXISTING);
                return;
            }
            JsonNode settings = Files.exists(config) ? mapper.readTree(config.toFile()) : mapper.createObjectNode();
            mapper.writeValue(
                    target.toFile(),
                    bert(
                            mapper,
                            Files.readAllLines(vocabulary),
                            settings.path("do_lower_case").asBoolean(true)));
        } catch (IOException e) {
            throw new BenchmarkException(
                    model + ": there is neither tokenizer.json nor a vocab.txt that can be read: " + e.getMessage(), e);
        }
    }

    private static ObjectNode bert(ObjectMapper mapper, List<String> tokens, boolean lowercase) {
        ObjectNode definition = mapper.createObjectNode();
        definition.put("version", "1.0").putNull("truncation").putNull("padding");
        addSpecialTokens(definition, tokens);
        definition
                .putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", lowercase);
        definition.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode template = definition.putObject("post_processor").put("type", "BertProcessing");
        template.putArray("sep").add("[SEP]").add(id(tokens, "[SEP]"));
        template.putArray("cls").add("[CLS]").add(id(tokens, "[CLS]"));
        definition
                .putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", "##")
                .put("cleanup", true);
        addModel(definition, tokens);
        return definition;
    }

    private static void addSpecialTokens(ObjectNode definition, List<String> tokens) {
        for (String token : SPECIAL) {
            definition
                    .withArray("added_tokens")
                    .addObject()
                    .put("id", id(tokens, token))
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
    }

    private static void addModel(ObjectNode definition, List<String> tokens) {
        ObjectNode model = definition
                .putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
    }

    private static int id(List<String> tokens, String token) {
        int id = tokens.indexOf(token);
        if (id < 0) {
            throw new BenchmarkException("vocab.txt: has no token " + token);
        }
        return id;
    }
}
