/**
 * What users of a service get while one of them asks about a book.
 *
 * <p>{@link org.distilqa.benchmarks.service.ServiceMeasurement}, to be read first, starts a {@code ServiceSubject} in a process of its
 * own and asks it; {@code ServiceResults} is what comes of it. {@code RunCounter} watches which batches a device runs,
 * {@code FirstComeDevice} knows no turns, to compare with. docs/service.md tells what was measured.
 */
package org.distilqa.benchmarks.service;
