package org.sipward.source;

/**
 * How a source stands.
 *
 * @param kind for programs
 * @param words for the operator, such as {@code following} or {@code connected to FreeSWITCH}
 */
public record SourceState(Kind kind, String words) {
    /** The kinds of states. */
    public enum Kind {
        /** Lines are handed out as they come. */
        READING,
        /** There is no file at the path. This is not a failure: the file is read as soon as it is there. */
        NOT_THERE,
        /** Another source reads the same file for the same jails, under another name. */
        READ_ELSEWHERE,
        /** There is no connection, or not yet. */
        NOT_CONNECTED
    }

    public static final SourceState FOLLOWING = reading("following");
    public static final SourceState NOT_THERE = new SourceState(Kind.NOT_THERE, "not there yet");
    public static final SourceState READ_ELSEWHERE = new SourceState(Kind.READ_ELSEWHERE, "read under another name");
    public static final SourceState NOT_CONNECTED_YET = new SourceState(Kind.NOT_CONNECTED, "not connected yet");
    public static final SourceState NOT_CONNECTED = new SourceState(Kind.NOT_CONNECTED, "not connected");

    /** Returns the state of a source that reads, in these words. */
    public static SourceState reading(String words) {
        return new SourceState(Kind.READING, words);
    }
}
