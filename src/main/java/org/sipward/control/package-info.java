/**
 * The control socket: requests, answers, JSON, exit codes.
 *
 * <p>A request is one line of JSON; an {@link org.sipward.control.Answer} is an exit code, rows and a message. This
 * package knows nothing about bans.
 */
@NullMarked
package org.sipward.control;

import org.jspecify.annotations.NullMarked;
