/**
 * Opens a model, its tokenizer and the devices that run it. Not exported.
 */
package org.distilqa.opening;
