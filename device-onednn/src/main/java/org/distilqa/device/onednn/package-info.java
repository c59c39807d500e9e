/**
 * The processor's cores with the kernels of <a href="https://github.com/uxlfoundation/oneDNN">oneDNN</a>, in float32, bfloat16
 * or int8; in the latter two, where the processor has a tile unit, with {@link org.distilqa.device.onednn.Tiles kernels of our own}.
 */
package org.distilqa.device.onednn;
