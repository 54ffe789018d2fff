package org.ws2j.cli;

import java.io.PrintWriter;
import org.ws2j.conformance.CheckResult;
import org.ws2j.conformance.ConformanceReport;
import org.ws2j.conformance.Coverage;
import org.ws2j.conformance.Statement;
import tools.jackson.core.JsonGenerator;

/** A run of the conformance kit, and the list of statements, as JSON. */
final class ConformanceJson {
    private ConformanceJson() {}

    static void print(PrintWriter out, ConformanceReport report) {
        JsonText.print(out, json -> {
            json.writeStartArray();
            report.results().forEach(result -> write(json, result));
            json.writeEndArray();
        });
    }

    static void print(PrintWriter out, Coverage coverage) {
        JsonText.print(out, json -> {
            json.writeStartArray();
            coverage.statements().forEach(statement -> write(json, statement, coverage));
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, CheckResult result) {
        json.writeStartObject();
        json.writeStringProperty("stack", result.stack());
        json.writeStringProperty("suite", result.suite());
        json.writeStringProperty("check", result.check());
        json.writeStringProperty("outcome", result.outcome().toString());
        if (result.reason() != null) {
            json.writeStringProperty("reason", result.reason());
        }
        if (result.failure() != null) {
            json.writeStringProperty("message", result.message());
            result.place().ifPresent(frame -> json.writeStringProperty("place", frame.toString()));
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Statement statement, Coverage coverage) {
        json.writeStartObject();
        json.writeStringProperty("id", statement.id());
        json.writeStringProperty("group", statement.group());
        json.writeStringProperty("source", statement.source());
        json.writeStringProperty("text", statement.text());
        statement.reason().ifPresent(reason -> json.writeStringProperty("reason", reason));
        json.writeArrayPropertyStart("checks");
        coverage.checksOf(statement).forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }
}
