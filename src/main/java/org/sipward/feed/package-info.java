/**
 * Polls shared lists: APIBAN, or a hub that speaks the same protocol.
 *
 * <p>Pages of addresses go in, bans with origin {@code feed:NAME} come out, each with its own end. A
 * {@link org.sipward.feed.Feed} asks in APIBAN's protocol, judges whether the list is still believable
 * ({@code EntryCheck}, {@code Round}) and passes it on ({@code Intake}). It keeps no list of its own: see
 * {@link org.sipward.feed.FeedTarget}.
 */
@NullMarked
package org.sipward.feed;

import org.jspecify.annotations.NullMarked;
