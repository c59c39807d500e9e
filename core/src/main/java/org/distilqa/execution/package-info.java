/**
 * The way of requests from their texts to their answers. Not exported.
 */
package org.distilqa.execution;
