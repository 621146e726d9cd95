/**
 * Counts failures per address and asks for a ban at {@code maxretry} within {@code findtime}.
 *
 * <p>Lines go in, requests for bans come out. Time is that of the lines.
 */
@NullMarked
package org.sipward.jail;

import org.jspecify.annotations.NullMarked;
