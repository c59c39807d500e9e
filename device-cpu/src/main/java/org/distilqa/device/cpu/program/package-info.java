/**
 * A graph as a list of steps over a few buffers. Read {@code CpuProgram} first: it compiles a graph, a {@code Step} for each node, and
 * runs batches, some sequences at a time. In come the sequences of a {@code Pass}, a row for each token; a step reads the {@code Place}s
 * of its inputs and writes its {@code Output}, as rows for the steps that read it row by row and as panels for the linear maps that
 * multiply it ({@code Kernels} says what a panel is). {@code Buffers} lets results share memory.
 */
package org.distilqa.device.cpu.program;
