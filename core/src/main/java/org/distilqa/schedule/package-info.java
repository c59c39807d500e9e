/**
 * What stands between the callers and the devices: the queue of windows, whose turn it is, and a thread for each device. Not
 * exported.
 *
 * <p>In comes a {@link org.distilqa.schedule.Ticket}, a request's place in the queue, with the {@link org.distilqa.schedule.Sequence}s
 * that it wants read; out go their logits, and the ticket is told. Read {@link org.distilqa.schedule.Scheduler} first, then
 * {@code Rotation}, which says whose windows make the next batch, and {@code DeviceThread}, which runs it, splits it when it fails,
 * gives what its device cannot read to another one, and gives up a device that is lost. Nothing here knows what a question is.
 */
package org.distilqa.schedule;
