package io.eniipamd.domain.claim;

import io.eniipamd.domain.node.EniView;
import java.util.Optional;

/**
 * The ENI of a Pod's own, by the record of its address.
 *
 * @param wantedOn the instance that it should be on; empty: on none
 * @param settled the ENI, where the cloud was seen to have it there since that is wanted
 */
public record DirectEni(Optional<String> wantedOn, Optional<EniView> settled) {}
