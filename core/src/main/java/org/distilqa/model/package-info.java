/**
 * Checkpoints: from a directory in the Hugging Face layout, from a hub through the standard cache, or the one that the
 * artifact {@code distilqa-bundled-model} brings on the class path.
 *
 * <p>In comes a model's name; out goes a {@link org.distilqa.model.Checkpoint}, which is the class to read first: the graph, the
 * weights, and the {@link org.distilqa.model.ModelFiles} for a tokenizer. Every file is taken for hostile until it is checked.
 * {@link org.distilqa.model.ModelHub} brings files from a hub ({@code HubHttp}, over {@code org.distilqa.http}) into the cache
 * ({@code HubCache}), as {@link org.distilqa.model.HubOptions} say. The tensors are read by {@code org.distilqa.safetensors}.
 */
package org.distilqa.model;
