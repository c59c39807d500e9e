package org.distilqa.tokenizer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distilqa.json.JsonTree;
import org.distilqa.model.ModelFiles;

/** A directory with the files of a tokenizer, for tests. */
record TokenizerFolder(Path directory) {

    TokenizerFolder write(String file, String content) {
        try {
            Files.writeString(directory.resolve(file), content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TokenizerFolder writeVocabulary(List<String> tokens) {
        return write("vocab.txt", String.join("\n", tokens) + "\n");
    }

    TokenizerFolder writeDefinition(ObjectNode definition) {
        return write("tokenizer.json", JsonTree.write(definition));
    }

    /** A {@code tokenizer.json} as BERT's are, without added tokens. */
    static ObjectNode bert(List<String> tokens) {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        definition.put("version", "1.0");
        definition.putArray("added_tokens");
        definition
                .putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("lowercase", true)
                .putNull("strip_accents");
        definition.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        definition.putNull("post_processor");
        ObjectNode vocabulary = definition
                .putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100)
                .putObject("vocab");
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        return definition;
    }

    Tokenizer open() {
        return Tokenizers.open(ModelFiles.of(directory));
    }
}
