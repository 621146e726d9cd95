/**
 * Sources that are not files: the journal, Asterisk's manager (AMI), FreeSWITCH's event socket (ESL), syslog.
 *
 * <p>{@link org.sipward.source.live.LiveSource} keeps one {@code Session} with the other side alive and hands out its
 * lines. The bytes from the other side may be hostile, so each session limits how many of them it keeps.
 */
@NullMarked
package org.sipward.source.live;

import org.jspecify.annotations.NullMarked;
