/**
 * Questions over HTTP: a page to try them on, JSON for programs, health and metrics. Requests come in, checked and bounded before anything
 * of them is kept; answers go out as JSON, failures as problem+json (RFC 9457).
 *
 * <p>Read {@link org.distilqa.server.AnswerServer} first: it opens the answerer, and its method {@code configure} lists every path there
 * is. {@code AnswerEndpoint}, {@code SearchEndpoint} and {@code DocumentEndpoint} are one path each; a request passes {@code Addressee}
 * (is it meant for this server), {@code Admission} (is there room) and {@code RequestBody} (size and time), and what goes wrong becomes a
 * {@code Problem} in {@code Failures}, in that one place. {@link org.distilqa.server.ServerOptions} has the limits, {@code openapi.json}
 * describes it all, and every response of the tests is compared with that.
 */
package org.distilqa.server;
