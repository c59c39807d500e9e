/**
 * Checkpoints: from a directory in the Hugging Face layout, or from a hub through the standard cache.
 */
package org.distilqa.model;
