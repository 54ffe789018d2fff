package org.ws2j.host.catalog;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which chains lead back to themselves, directly or by way of other chains: following them would never end. Installing
 * cannot make one, as a chain names older entries only; an update or an edited file can.
 */
final class ChainRules {
    private final Map<Integer, List<Integer>> chains = new HashMap<>();

    /** The entries between the one that was asked for and the one that is being looked at. */
    private final Set<Integer> underway = new HashSet<>();

    private final Set<Integer> endless = new HashSet<>();

    private final Set<Integer> done = new HashSet<>();

    private ChainRules(CatalogState state) {
        for (CatalogEntry entry : state.entries()) {
            chains.put(entry.id(), entry.info().protocolChain().chainEntries());
        }
    }

    /** {@return an entry whose chain leads back to itself} */
    static Optional<Integer> endlessChain(CatalogState state) {
        ChainRules rules = new ChainRules(state);
        for (CatalogEntry entry : state.entries()) {
            rules.follow(entry.id());
        }
        return rules.endless.stream().sorted().findFirst();
    }

    private void follow(int id) {
        if (done.contains(id)) {
            return;
        }
        if (!underway.add(id)) {
            endless.add(id);
            return;
        }
        // An entry that is not there (any more) leads nowhere.
        chains.getOrDefault(id, List.of()).forEach(this::follow);
        underway.remove(id);
        done.add(id);
    }
}
