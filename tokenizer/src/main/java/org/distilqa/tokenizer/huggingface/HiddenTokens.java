package org.distilqa.tokenizer.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Gives special tokens of a {@code tokenizer.json} texts that nobody writes, so that {@code [SEP]} in a question is what it
 * looks like and not the separator. Ids, their order and what stands around a text stay: only the library could be told to
 * pass special tokens over, and its Java binding cannot tell it.
 */
final class HiddenTokens {
    private final String secret = UUID.randomUUID().toString();
    private final Map<String, String> hidden = new HashMap<>();

    private HiddenTokens() {}

    /** Hides the added tokens that are marked as special, and others. */
    static void hide(ObjectNode definition, Set<String> others) {
        HiddenTokens tokens = new HiddenTokens();
        others.forEach(tokens::add);
        JsonNode added = definition.path("added_tokens");
        for (JsonNode token : added) {
            if (token.path("special").asBoolean()) {
                tokens.add(token.path("content").asText());
            }
        }
        ObjectNode model = definition.path("model") instanceof ObjectNode object ? object : definition.objectNode();
        tokens.keepMerged(model.path("merges"));
        tokens.renameAdded(added);
        tokens.renameInModel(model);
    }

    private void add(String token) {
        hidden.putIfAbsent(token, secret + "-" + hidden.size());
    }

    /** What a byte-pair model makes of smaller tokens, or makes others of, it finds in any text. */
    private void keepMerged(JsonNode merges) {
        for (JsonNode merge : merges) {
            List<String> parts = new ArrayList<>();
            if (merge.isTextual()) {
                parts.addAll(List.of(merge.textValue().split(" ")));
            } else {
                merge.forEach(part -> parts.add(part.asText()));
            }
            parts.add(String.join("", parts));
            hidden.keySet().removeAll(parts);
        }
    }

    private void renameAdded(JsonNode added) {
        for (JsonNode token : added) {
            String text = hidden.get(token.path("content").asText());
            if (text != null && token instanceof ObjectNode object) {
                object.put("content", text).put("normalized", false);
            }
        }
    }

    private void renameInModel(ObjectNode model) {
        JsonNode vocabulary = model.path("vocab");
        if (vocabulary instanceof ObjectNode ids) {
            hidden.forEach((token, text) -> {
                if (ids.has(token)) {
                    ids.set(text, ids.remove(token));
                }
            });
        }
        if (vocabulary instanceof ArrayNode pieces) {
            for (JsonNode piece : pieces) {
                String text = hidden.get(piece.path(0).asText());
                if (text != null && piece instanceof ArrayNode scored) {
                    scored.set(0, scored.textNode(text));
                }
            }
        }
        String unknown = hidden.get(model.path("unk_token").asText());
        if (unknown != null) {
            model.put("unk_token", unknown);
        }
    }
}
