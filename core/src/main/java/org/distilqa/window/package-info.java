/**
 * Makes tokens and windows of the texts of a request. Not exported.
 */
package org.distilqa.window;
