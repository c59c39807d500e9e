/**
 * What happens inside a {@link org.distilqa.QuestionAnswerer}, as Micrometer's meters.
 *
 * <p>In come the events that a question answerer tells its listener, requests and batches, and what its device says of itself; out go
 * counters, timers and gauges in a {@code MeterRegistry}. Read {@link org.distilqa.micrometer.QuestionAnswererMetrics} first: it is
 * the listener, and lists the meters; {@code DeviceMeters} reads the device's figures. Their names and what to watch stand in
 * docs/service.md.
 */
package org.distilqa.micrometer;
