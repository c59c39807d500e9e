/**
 * The tests that every DistilQA device passes: extend
 * {@link org.distilqa.device.conformance.DeviceConformanceTest} and write one method. And
 * {@link org.distilqa.device.conformance.FaultInjectingDevice}, with which services are tested for the day when a device fails.
 */
package org.distilqa.device.conformance;
