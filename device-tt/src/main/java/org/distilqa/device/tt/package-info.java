/**
 * The device {@code tt}: Tenstorrent Wormhole cards (n150, n300), through a native library on TT-NN or through its emulator; see
 * docs/wormhole.md.
 *
 * <p>In comes a graph with its parameters, once, and then batches of token ids of unequal lengths; out go their logits. Read
 * {@link org.distilqa.device.tt.TtDeviceProvider} first: it reads the {@code TtOptions}, has the {@code TtLibraryLoader} find the library
 * and opens a {@code TtDevice}. That one owns a {@code TtSession}, in whose thread every call to the card is made, and compiles
 * graphs: a {@code TtProgram} walks the graph op by op, on {@code TtWeights} that are on the card, and replays what it has
 * captured. {@code TtLibrary} has the functions of the C interface, {@code src/main/native/include/distilqa_tt.h}; what is below it
 * is C++: {@code front} (checks and the interface), and beneath that either {@code ttnn} or {@code emulator}.
 * {@link org.distilqa.device.tt.WormholePlan} says beforehand what a run will cost.
 */
package org.distilqa.device.tt;
