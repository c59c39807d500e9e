/**
 * Finds the implementations of DistilQA's interfaces. For DistilQA's own modules.
 */
package org.distilqa.service;
