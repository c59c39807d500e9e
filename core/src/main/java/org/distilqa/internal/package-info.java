/**
 * What DistilQA's own modules share and nobody else should use: it may change in any release. Exported to the devices and the
 * tokenizer alone.
 *
 * <p>{@link org.distilqa.internal.ThreadTeam} runs a device's loops on several threads;
 * {@link org.distilqa.internal.SharedLibrary}, {@link org.distilqa.internal.FileAccess} and
 * {@link org.distilqa.internal.ContentHash} bring native libraries out of jars;
 * {@link org.distilqa.internal.LibraryFault} tells a library that is missing from an error of the machine;
 * {@link org.distilqa.internal.Services} finds the implementations of an interface, on the class path and the module path.
 */
package org.distilqa.internal;
