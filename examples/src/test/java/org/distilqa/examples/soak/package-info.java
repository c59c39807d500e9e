/** A long run of the library under everything that a service does to it; {@link org.distilqa.examples.soak.Soak} is its program. */
package org.distilqa.examples.soak;
