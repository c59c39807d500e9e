/**
 * A backend of one's own, complete and as plain as can be. A graph and its parameters come in, batches of token ids come in, logits go
 * out.
 *
 * <p>Read {@link org.distilqa.examples.backend.PlainProgram} first, and copy it: replace its loops with your device's calls. {@link
 * org.distilqa.examples.backend.PlainDeviceProvider}, named in {@code META-INF/services}, is how it is found. Its conformance test shows
 * when it is right.
 */
package org.distilqa.examples.backend;
