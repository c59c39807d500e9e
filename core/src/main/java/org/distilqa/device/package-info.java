/**
 * What a backend implements and how one is found.
 *
 * <p>Read {@link org.distilqa.device.DeviceProvider} first; with {@link org.distilqa.device.Device} and
 * {@link org.distilqa.device.Program} it is all that a backend writes. In comes a {@link org.distilqa.graph.Graph} with its
 * {@link org.distilqa.graph.Parameters}, once, and then any number of {@link org.distilqa.device.TokenBatch}es; out go the
 * {@link org.distilqa.device.Logits} of each. {@link org.distilqa.device.Devices} finds, ranks and explains. The artifact
 * {@code distilqa-device-conformance} has the tests that a backend should pass.
 */
package org.distilqa.device;
