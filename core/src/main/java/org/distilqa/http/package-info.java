/**
 * HTTP/1.1 as a download needs it, through proxies. Not exported.
 *
 * <p>In come an address, the {@link org.distilqa.http.ProxySettings} and the
 * {@linkplain org.distilqa.http.TrustedCertificates certificates} to trust; out goes a response whose body is read as it comes. Read
 * {@link org.distilqa.http.HttpConnection} first: one request on a connection of its own, and why it is not the JDK's client. What
 * a hub adds (redirects, retries, resuming, tokens) is in {@code org.distilqa.model}.
 */
package org.distilqa.http;
