/**
 * What a compiled graph is made of, whichever kernels compute it. A program is a list of {@code Stage}s, at whose ends all threads wait for
 * each other; a {@code RowStage} is a list of {@code Step}s, through which a thread takes a block of rows. Read {@code Stage}, {@code
 * RowStage} and {@code Step} first.
 *
 * <p>In come the sequences of a {@code Pass}, a row for each token; a {@code Lane} is what one thread has for itself; a {@code Place}
 * says where the result of a step lies, in a buffer of the pass or of the lane. When a graph is compiled, {@code ResultRoles} says what
 * becomes of a node's result, {@code ResultPlaces} where it goes, {@code Precision} and {@code Quantization} in which numbers.
 */
package org.distilqa.device.onednn.program;
