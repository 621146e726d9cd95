package org.sipward.agent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hears what a class logs. */
final class LogRecorder extends Handler implements AutoCloseable {
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());
    private final Logger logger;

    LogRecorder(Class<?> type) {
        logger = Logger.getLogger(type.getName());
        logger.addHandler(this);
    }

    /** Returns the messages with these words. */
    List<String> with(String words) {
        return List.copyOf(messages).stream()
                .filter(message -> message.contains(words))
                .toList();
    }

    @Override
    public void publish(LogRecord record) {
        messages.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
