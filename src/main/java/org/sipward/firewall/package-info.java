/**
 * Blocks banned networks by nftables, or does nothing (dry run). Each call is all or nothing, and may be repeated.
 *
 * <p>This package turns bans and the allowlist into sets of the kernel. It does not know the origin and reason of a
 * ban, except that bans of feeds have sets of their own. Programs are started by argument vector, never by a shell.
 */
@NullMarked
package org.sipward.firewall;

import org.jspecify.annotations.NullMarked;
