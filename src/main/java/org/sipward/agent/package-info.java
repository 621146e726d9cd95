/**
 * Builds the parts, joins them, runs them, answers the commands that come over the control socket.
 *
 * <p>{@link org.sipward.agent.Agent} tells the main flow.
 */
@NullMarked
package org.sipward.agent;

import org.jspecify.annotations.NullMarked;
