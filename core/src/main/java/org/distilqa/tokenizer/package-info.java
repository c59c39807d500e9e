/**
 * What a tokenizer implements, and BERT's tokenizer in Java, which {@link org.distilqa.tokenizer.Tokenizers} opens.
 */
package org.distilqa.tokenizer;
