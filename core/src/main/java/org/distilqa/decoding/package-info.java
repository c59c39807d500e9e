/**
 * Makes answers of what the network said of windows. Not exported.
 */
package org.distilqa.decoding;
