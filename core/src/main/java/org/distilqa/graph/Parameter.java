package org.distilqa.graph;

/**
 * A learned tensor that a graph uses.
 *
 * @param name its name in the Hugging Face checkpoint, such as {@code distilbert.embeddings.LayerNorm.weight}
 * @param shape its shape; a matrix of a linear map is {@code [outputs, inputs]}, as in the checkpoint
 */
public record Parameter(String name, Shape shape) {}
