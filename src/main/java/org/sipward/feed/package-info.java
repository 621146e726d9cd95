/**
 * Polls shared lists: APIBAN, or a hub that speaks the same protocol.
 *
 * <p>Pages of addresses go in, bans with origin {@code feed:NAME} come out, each with its own end. A {@link
 * org.sipward.feed.Feed} asks ({@code Wire}), decides what the answer means ({@code Answer}), judges whether the list is
 * still believable ({@code Screen}, {@code Round}) and passes it on ({@code Intake}). It keeps no list of its own and does
 * not know who does: see {@link org.sipward.feed.FeedTarget}.
 */
@NullMarked
package org.sipward.feed;

import org.jspecify.annotations.NullMarked;
