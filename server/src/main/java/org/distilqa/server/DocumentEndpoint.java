package org.distilqa.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import org.distilqa.search.AnyFormatReader;
import org.distilqa.search.IndexException;
import org.distilqa.text.Document;
import org.distilqa.text.DocumentException;

/** {@code POST /document}: a file in, its text out, without markup. Nothing of it is kept. */
final class DocumentEndpoint {
    /** The largest file. */
    static final int MAX_BYTES = 32 << 20;

    private final AnyFormatReader reader = new AnyFormatReader();
    private final Admission admission;
    private final int maxContextLength;
    private final RequestBody body;

    DocumentEndpoint(Admission admission, ServerOptions options) {
        this.admission = admission;
        this.maxContextLength = options.maxContextLength();
        this.body = new RequestBody(MAX_BYTES, options.timeout());
    }

    void read(Context context) {
        context.contentType("application/json")
                .result(admission.admit(() -> textOf(context)).toString());
    }

    private ObjectNode textOf(Context context) {
        String name = context.queryParam("name");
        if (name == null || name.isBlank()) {
            throw new Problem.Refusal(
                    400, "there is no parameter \"name\"; it is the name of the file, such as report.md");
        }
        Document document;
        try {
            document = reader.read(name, body.read(context, "application/octet-stream"));
        } catch (DocumentException | IndexException e) {
            throw new Problem.Refusal(422, e.getMessage());
        }
        if (document.text().length() > maxContextLength) {
            throw new Problem.Refusal(
                    422,
                    "the text of " + name + " has " + document.text().length() + " characters; maxContextLength is "
                            + maxContextLength);
        }
        ObjectNode read = Json.object()
                .put("name", document.name())
                .put("title", document.title())
                .put("text", document.text());
        document.guessedEncoding().ifPresent(encoding -> read.put("guessedEncoding", encoding.name()));
        return read;
    }
}
