/**
 * The bytes of files, to be read here and there. Not exported.
 */
package org.distilqa.content;
