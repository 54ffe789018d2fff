/**
 * The protocol catalog: which providers there are, in which order, over which others, and where their modules lie.
 *
 * <pre>
 *   ProtocolCatalog (org.ws2j.host)      the wsc… functions
 *        |
 *     Catalog            newest state, one change at a time, watches
 *        |                    ^
 *   CatalogStore         CatalogEdit: ProviderEdits, ChainInstallation (pure functions of a CatalogState)
 *    |         |
 *  memory   CatalogFile  one JSON file, replaced atomically under a lock
 * </pre>
 *
 * <p>A {@link org.ws2j.host.catalog.CatalogState} is immutable: whoever holds one has a snapshot.
 */
package org.ws2j.host.catalog;
