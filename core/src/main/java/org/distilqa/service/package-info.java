/**
 * Finds the implementations of DistilQA's interfaces. For DistilQA's own modules.
 *
 * <p>In comes an interface, out go the implementations on the class path and the module path, and in words why others could not be
 * loaded: {@link org.distilqa.service.Services}.
 */
package org.distilqa.service;
