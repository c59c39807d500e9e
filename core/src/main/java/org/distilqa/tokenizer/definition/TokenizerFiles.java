package org.distilqa.tokenizer.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.InvalidModelException;
import org.distilqa.json.JsonTree;
import org.distilqa.model.ModelFiles;

/** The files of a checkpoint's tokenizer, in the layout of Hugging Face, and how they are read. */
public final class TokenizerFiles {
    /** The whole definition of a tokenizer, in the format of the Hugging Face tokenizers library. */
    public static final String DEFINITION = "tokenizer.json";

    /** BERT's vocabulary: a token a line, the line's number from 0 being its id. */
    public static final String VOCABULARY = "vocab.txt";

    /** Settings of the tokenizer. */
    public static final String CONFIG = "tokenizer_config.json";

    /** The names of the special tokens, where {@link #CONFIG} is of an older kind. */
    public static final String SPECIAL_TOKENS = "special_tokens_map.json";

    /** Tokens added to the vocabulary, where {@link #CONFIG} is of an older kind. */
    public static final String ADDED_TOKENS = "added_tokens.json";

    /** Real files have a few megabytes, the largest 34; this keeps a wrong file from being read whole. */
    private static final int MAX_BYTES = 64 << 20;

    private TokenizerFiles() {}

    /**
     * Reads a file of JSON.
     *
     * @param files the model's files
     * @param file the file's name
     * @return its object
     * @throws InvalidModelException if it is missing, cannot be read or is no JSON object
     */
    public static ObjectNode readObject(ModelFiles files, String file) {
        try {
            if (JsonTree.read(files.read(file, MAX_BYTES)) instanceof ObjectNode object) {
                return object;
            }
            throw new InvalidModelException(files.location(file) + ": is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(files.location(file) + ": is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The lines of a file, without blank ones at its end.
     *
     * @param files the model's files
     * @param file the file's name
     * @return its lines
     * @throws InvalidModelException if it is missing, cannot be read or is not in UTF-8
     */
    public static List<String> readLines(ModelFiles files, String file) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(files.read(file, MAX_BYTES)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidModelException(files.location(file) + ": is not text in UTF-8", e);
        }
        List<String> lines = new ArrayList<>(text.lines().toList());
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    /**
     * A token's id.
     *
     * @param source the file that it stands in, for messages
     * @param id what stands there
     * @return the id, from 0 to 2^31 - 2
     * @throws InvalidModelException if it is none
     */
    public static int tokenId(String source, JsonNode id) {
        if (!id.isIntegralNumber()
                || !id.canConvertToInt()
                || id.intValue() < 0
                || id.intValue() == Integer.MAX_VALUE) {
            throw new InvalidModelException(
                    source + ": has the token id " + id + "; it must be from 0 to " + (Integer.MAX_VALUE - 1));
        }
        return id.intValue();
    }
}
