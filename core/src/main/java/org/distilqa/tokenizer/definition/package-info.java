/**
 * What a checkpoint's files say of its tokenizer. For DistilQA's own modules.
 */
package org.distilqa.tokenizer.definition;
