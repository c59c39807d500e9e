/**
 * The processor's cores with the kernels of <a href="https://github.com/uxlfoundation/oneDNN">oneDNN</a>, in float32, bfloat16
 * or int8.
 */
package org.distilqa.device.onednn;
