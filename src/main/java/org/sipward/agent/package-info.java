/**
 * Builds the parts, joins them, runs them, and answers the commands that arrive on the control socket.
 *
 * <p>{@link org.sipward.agent.Agent} shows the main flow.
 */
@NullMarked
package org.sipward.agent;

import org.jspecify.annotations.NullMarked;
