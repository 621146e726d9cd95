package org.sipward.ban;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.sipward.net.IpAddress;

/**
 * The store that {@link HostNames} needs. Each call is one transaction, as in {@link BanStore}. Any thread may call.
 */
public interface NameStore {
    /** Returns the addresses that were last saved for each name. */
    Map<String, List<IpAddress>> names() throws IOException;

    /** Stores these addresses, at most {@link HostNames#MAX_ADDRESSES}, in place of the name's earlier ones. */
    void saveName(String name, List<IpAddress> addresses) throws IOException;

    /** Deletes these names. A missing name is not an error. */
    void forgetNames(Collection<String> names) throws IOException;
}
