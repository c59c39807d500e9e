/**
 * JSON as trees. For DistilQA's own modules.
 */
package org.distilqa.json;
