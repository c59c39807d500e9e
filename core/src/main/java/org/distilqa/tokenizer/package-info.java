/**
 * What a tokenizer implements.
 */
package org.distilqa.tokenizer;
