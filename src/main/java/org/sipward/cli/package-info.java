/**
 * The commands that the operator types.
 *
 * <p>Commands on files and configuration do their work here; commands on the running agent are sent to its control
 * socket.
 */
@NullMarked
package org.sipward.cli;

import org.jspecify.annotations.NullMarked;
