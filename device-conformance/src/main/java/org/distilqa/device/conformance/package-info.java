/**
 * The tests that every DistilQA device passes, and what such tests are made of.
 *
 * <p>Read {@link org.distilqa.device.conformance.DeviceConformanceTest} first: extend it and write one method, which gives the provider of
 * the device under test; small checkpoints and the logits that a float64 reference gives for them are in this artifact. For tests of
 * one's own, {@link org.distilqa.device.conformance.RandomParameters} makes weights for a network of any dimensions, and
 * {@link org.distilqa.device.conformance.ReferenceNetwork} says what each of its nodes gives. With
 * {@link org.distilqa.device.conformance.FaultInjectingDevice} services are tested for the day when a device fails.
 */
package org.distilqa.device.conformance;
