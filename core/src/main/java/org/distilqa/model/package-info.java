/**
 * Checkpoints: from a directory in the Hugging Face layout, from a hub through the standard cache, or the one that the
 * artifact {@code distilqa-bundled-model} brings on the class path.
 */
package org.distilqa.model;
