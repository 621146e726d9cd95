package org.sipward.ban;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.sipward.net.IpAddress;

/** What {@link HostNames} needs of a store. Each call is one transaction, as in {@link BanStore}. Any thread may call. */
public interface NameStore {
    /** Returns the addresses that were last saved for each name. */
    Map<String, List<IpAddress>> names() throws IOException;

    /** Keeps these addresses, at most {@link HostNames#MAX_ADDRESSES}, in place of those that the name had. */
    void saveName(String name, List<IpAddress> addresses) throws IOException;

    /** Forgets these names. One that is not there is not an error. */
    void forgetNames(Collection<String> names) throws IOException;
}
