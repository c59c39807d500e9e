/**
 * The tests that every DistilQA device passes: extend
 * {@link org.distilqa.device.conformance.DeviceConformanceTest} and write one method.
 */
package org.distilqa.device.conformance;
