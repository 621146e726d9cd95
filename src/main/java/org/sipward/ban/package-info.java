/**
 * Holds the bans in force: the only place where a ban begins or ends.
 *
 * <p>Requests of jails, feeds and the operator go in. What is needed of a firewall, a store or a listener is declared
 * here, as interfaces; who implements them is not known here.
 */
@NullMarked
package org.sipward.ban;

import org.jspecify.annotations.NullMarked;
