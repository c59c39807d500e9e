/**
 * Opens a model, its tokenizer and the devices that run it, side by side. Not exported.
 *
 * <p>In come a {@link org.distilqa.opening.ModelChoice} and {@link org.distilqa.opening.DeviceChoices}, from the builder; out go the
 * {@link org.distilqa.opening.Parts} that an answerer is made of, or an exception, and then nothing stays open. Read
 * {@link org.distilqa.opening.Opening} first. What is opened in a thread of its own ({@code Background}) is closed by it if nobody
 * wants it any more: an interrupt ends a build at once, whatever a driver is doing.
 */
package org.distilqa.opening;
