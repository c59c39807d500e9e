/**
 * JSON as trees. For DistilQA's own modules.
 *
 * <p>In come bytes that nobody trusts, out goes a tree within limits of depth, digits and size, or an exception:
 * {@link org.distilqa.json.JsonTree}.
 */
package org.distilqa.json;
