/**
 * Reads tensors from safetensors files. Not exported.
 */
package org.distilqa.safetensors;
