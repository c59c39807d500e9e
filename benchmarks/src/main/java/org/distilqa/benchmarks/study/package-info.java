/**
 * How good answers are, not how fast: two commands.
 *
 * <p>In come question sets, out goes a table. {@link org.distilqa.benchmarks.study.JoinedContextsCommand} joins their paragraphs to long
 * contexts and compares our way to an answer with the Hugging Face pipeline's ({@code PipelineAnswerer});
 * {@link org.distilqa.benchmarks.study.CollectionCommand} asks the questions of an index of all paragraphs, and measures large indexes.
 * Read either first. docs/decoding.md and docs/collections.md tell what was measured.
 */
package org.distilqa.benchmarks.study;
