/**
 * Sources that are not files: the journal, Asterisk's manager (AMI), FreeSWITCH's event socket (ESL), syslog.
 *
 * <p>{@link org.sipward.source.live.LiveSource} keeps one {@code Session} with the other side alive and hands out its lines. The
 * bytes of the other side are hostile: each session bounds what it keeps of them.
 */
@NullMarked
package org.sipward.source.live;

import org.jspecify.annotations.NullMarked;
