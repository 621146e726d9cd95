/**
 * Polls shared lists: APIBAN, or a hub that speaks the same protocol.
 *
 * <p>Pages of addresses go in, bans with origin {@code feed:NAME} come out.
 */
@NullMarked
package org.sipward.feed;

import org.jspecify.annotations.NullMarked;
