/**
 * Helps {@code bin/archive} while it lays classes ready. Not part of the agent and not a command; nothing else starts it, and it
 * uses nothing of ours.
 */
@NullMarked
package org.sipward.archive;

import org.jspecify.annotations.NullMarked;
