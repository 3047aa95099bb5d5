package io.eniipamd.kube.inventory;

import java.time.Duration;

/**
 * What is set for the inventory at the start.
 *
 * @param clusterId the value of the tag that all ENIs and reservations of this cluster carry
 * @param repairs whether differences are repaired, or only reported, {@code --inventory}
 * @param grace how long a difference has to last before anything is done about it, {@code
 *     --inventory-grace}
 */
public record InventorySettings(String clusterId, boolean repairs, Duration grace) {}
