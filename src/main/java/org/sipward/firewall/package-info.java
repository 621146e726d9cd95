/**
 * Makes bans real: nftables, or nothing (dry run). All or nothing per call, repeatable.
 *
 * <p>Bans and the allowlist go in, the kernel's sets come out; who asked for a ban and why is not known here, except
 * that bans of feeds have sets of their own. Programs are started by argument vector; no shell is ever involved.
 */
@NullMarked
package org.sipward.firewall;

import org.jspecify.annotations.NullMarked;
