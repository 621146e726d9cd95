/**
 * Makes bans real: nftables, or nothing (dry run). All or nothing per call, repeatable.
 *
 * <p>Programs are started by argument vector; no shell is ever involved.
 */
@NullMarked
package org.sipward.firewall;

import org.jspecify.annotations.NullMarked;
