/**
 * Questions over HTTP: {@link org.distilqa.server.AnswerServer}, a page to try them on, JSON for programs, health and metrics.
 */
package org.distilqa.server;
