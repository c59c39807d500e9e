/**
 * Reads tensors from safetensors files. Not exported.
 *
 * <p>In come the bytes of a file ({@link org.distilqa.content.FileContent}), or the index of several; out go names, shapes, and float32
 * values when they are asked for. Read {@link org.distilqa.safetensors.SafetensorsFile} first: what a file claims is checked before
 * memory is taken for it. {@link org.distilqa.safetensors.ShardedSafetensors} is several such files as one; {@code Dtype} converts.
 */
package org.distilqa.safetensors;
