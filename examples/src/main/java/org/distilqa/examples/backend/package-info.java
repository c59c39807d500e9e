/**
 * A backend of one's own, complete and as plain as can be: copy it, and replace {@link
 * org.distilqa.examples.backend.PlainProgram}'s loops with your device's calls. Its conformance test shows when it is right.
 */
package org.distilqa.examples.backend;
