/**
 * Hugging Face tokenizers, through the binding of the Deep Java Library, behind DistilQA's tokenizer interface.
 */
package org.distilqa.tokenizer.huggingface;
