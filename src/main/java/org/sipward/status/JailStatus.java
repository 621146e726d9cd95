package org.sipward.status;

/**
 * The counts of a jail since the agent was started.
 *
 * @param failures how many failures it has counted
 * @param suspicious how many lines looked like failures but named no usable address
 * @param tracked how many addresses it remembers now
 */
public record JailStatus(String name, long failures, long suspicious, int tracked) {}
