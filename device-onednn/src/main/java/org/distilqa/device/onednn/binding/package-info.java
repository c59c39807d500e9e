/**
 * The native libraries as Java sees them: oneDNN ({@code OneDnn}), OpenMP's runtime beneath it ({@code OpenMp}) and our own for the tile
 * unit ({@code Tiles}), each a class of their functions under their own names. {@code OneDnnLibrary} binds them while a device is
 * open.
 *
 * <p>On these stand what the rest of the device calls. Memory: a {@code NativeScope} frees what was allocated through it,
 * {@code NativeBlock}s and {@code NativeArena}s, all at once. Kernels: a {@code KernelBuilder} describes an operation and
 * makes a {@code Kernel}, which runs on a {@code KernelStream}. Read {@code KernelBuilder} first, then {@code Kernel}.
 */
package org.distilqa.device.onednn.binding;
