package org.distilqa.benchmarks.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.distilqa.benchmarks.contender.BenchmarkException;

/** Commands and replies as lines of JSON. */
final class Protocol {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Protocol() {}

    static String line(Command command) {
        return write(command, Command.class);
    }

    static String line(Reply reply) {
        return write(reply, Reply.class);
    }

    static Command command(String line) {
        return read(line, Command.class);
    }

    static Reply reply(String line) {
        return read(line, Reply.class);
    }

    private static <T> String write(T value, Class<T> type) {
        try {
            return MAPPER.writerFor(type).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("a line cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    private static <T> T read(String line, Class<T> type) {
        try {
            return MAPPER.readValue(line, type);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("\"" + line + "\" is not understood: " + e.getOriginalMessage(), e);
        }
    }
}
