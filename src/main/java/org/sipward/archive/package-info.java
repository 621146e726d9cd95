/**
 * Helps {@code bin/archive} to archive classes.
 *
 * <p>This package is not part of the agent and not a command; only {@code bin/archive} starts it. Uses no other package
 * of Sipward.
 */
@NullMarked
package org.sipward.archive;

import org.jspecify.annotations.NullMarked;
