package org.distilqa.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What the {@code post_processor} of a {@code tokenizer.json} puts around a text.
 *
 * @param first the id of what it puts before; empty if it does not say that of one token
 * @param last the id of what it puts after
 */
record SpecialTokens(Optional<Integer> first, Optional<Integer> last) {
    private static final SpecialTokens UNSAID = new SpecialTokens(Optional.empty(), Optional.empty());

    static SpecialTokens of(JsonNode postProcessor) {
        return switch (postProcessor.path("type").asText()) {
            case "BertProcessing", "RobertaProcessing" ->
                new SpecialTokens(
                        id(postProcessor.path("cls").path(1)),
                        id(postProcessor.path("sep").path(1)));
            case "TemplateProcessing" -> template(postProcessor);
            case "Sequence" -> sequence(postProcessor.path("processors"));
            default -> UNSAID;
        };
    }

    private static SpecialTokens template(JsonNode postProcessor) {
        JsonNode single = postProcessor.path("single");
        if (single.size() != 3) {
            return UNSAID;
        }
        JsonNode tokens = postProcessor.path("special_tokens");
        return new SpecialTokens(templateToken(tokens, single.path(0)), templateToken(tokens, single.path(2)));
    }

    private static Optional<Integer> templateToken(JsonNode tokens, JsonNode piece) {
        JsonNode ids =
                tokens.path(piece.path("SpecialToken").path("id").asText()).path("ids");
        return ids.size() == 1 ? id(ids.path(0)) : Optional.empty();
    }

    private static SpecialTokens sequence(JsonNode processors) {
        for (JsonNode processor : processors) {
            SpecialTokens tokens = of(processor);
            if (!tokens.equals(UNSAID)) {
                return tokens;
            }
        }
        return UNSAID;
    }

    private static Optional<Integer> id(JsonNode id) {
        return id.isInt() && id.intValue() >= 0 ? Optional.of(id.intValue()) : Optional.empty();
    }
}
