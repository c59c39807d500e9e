/**
 * Options that several commands have: each a class that a command takes in as a field ({@code @Mixin}), so that an option is declared
 * once, means the same everywhere and stands in the help where the field does. What was written on the command line comes in; what the
 * library wants goes out, such as a builder with model and device ({@link org.distilqa.cli.options.ModelOptions},
 * {@link org.distilqa.cli.options.DeviceChoice}), {@link org.distilqa.AnswerOptions} ({@link org.distilqa.cli.options.AnswerSettings}), or
 * a bar that shows progress. A value that cannot be is refused here, before anything is loaded, or by the library, of whose refusal
 * {@link org.distilqa.cli.options.RefusedOption} makes a wrong argument.
 *
 * <p>Read {@link org.distilqa.cli.options.ModelOptions} first; {@link org.distilqa.cli.options.Choice} is for options of a few names.
 */
package org.distilqa.cli.options;
