/**
 * The bytes of files, to be read here and there by many threads. Not exported.
 *
 * <p>In comes the place of a file: a path, a file within a jar, or a stream. Out go its bytes, as a
 * {@link org.distilqa.content.FileContent}, which is the interface to read first: from the disk where they lie
 * ({@link org.distilqa.content.DiskContent}), or from memory where there is no file of the operating system's
 * ({@link org.distilqa.content.MemoryContent}).
 */
package org.distilqa.content;
