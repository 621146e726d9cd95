/**
 * Builds the parts, joins them, runs them, answers the control socket.
 *
 * <p>{@link org.sipward.agent.Agent} tells the main flow.
 */
@NullMarked
package org.sipward.agent;

import org.jspecify.annotations.NullMarked;
