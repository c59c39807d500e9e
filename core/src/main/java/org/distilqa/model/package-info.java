/**
 * Checkpoints: from a directory in the Hugging Face layout, from a hub through the standard cache, or the small one that the
 * artifact {@code distilqa-demo-model} brings on the class path.
 */
package org.distilqa.model;
