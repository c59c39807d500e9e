/** What DistilQA's own modules share and nobody else should use: it may change in any release. */
package org.distilqa.internal;
