/**
 * HTTP, through proxies, as a download needs it. Not exported.
 */
package org.distilqa.http;
