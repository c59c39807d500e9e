import org.distilqa.tokenizer.TokenizerProvider;
import org.distilqa.tokenizer.huggingface.HuggingFaceTokenizerProvider;

/**
 * Hugging Face tokenizers, through the binding of the Deep Java Library, for models whose tokenizer is not of BERT's kind.
 */
@SuppressWarnings("requires-automatic") // The Deep Java Library has no explicit modules.
module org.distilqa.tokenizer.huggingface {
    requires ai.djl.api;
    requires ai.djl.tokenizers;
    requires com.fasterxml.jackson.databind;
    // Of the Deep Java Library, whose automatic modules cannot say so themselves.
    requires com.google.gson;
    requires transitive org.distilqa.core;
    requires org.slf4j;

    exports org.distilqa.tokenizer.huggingface;

    provides TokenizerProvider with
            HuggingFaceTokenizerProvider;
}
