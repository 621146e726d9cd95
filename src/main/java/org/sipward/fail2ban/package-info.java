/**
 * Reads a fail2ban setup and converts it to Sipward's files.
 *
 * <p>The files of a folder such as {@code /etc/fail2ban} go in; filters, jails and a list of what could not be
 * converted come out, as text. Nothing in the folder is run, no log is opened, no DNS is asked.
 *
 * <p>{@link org.sipward.fail2ban.Settings} knows how fail2ban puts its files together,
 * {@link org.sipward.fail2ban.Definition} how it fills in a filter's options. A pattern is parsed into
 * {@link org.sipward.fail2ban.RegexNode}s, rewritten without what RE2 does not support, and printed again.
 */
@NullMarked
package org.sipward.fail2ban;

import org.jspecify.annotations.NullMarked;
