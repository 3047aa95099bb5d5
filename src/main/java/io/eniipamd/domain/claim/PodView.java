package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import java.util.Optional;

/**
 * The Pod of a claim's name.
 *
 * @param uid identifies it among Pods of the same name
 * @param ended whether it has succeeded or failed
 * @param terminating whether it is being deleted; it still owns its address
 * @param node where it was scheduled to
 * @param zones what it says of zones itself
 * @param ip the address that it runs with
 * @param request what it asks for
 */
public record PodView(
    String uid,
    boolean ended,
    boolean terminating,
    Optional<String> node,
    PodZones zones,
    Optional<Ip> ip,
    PodRequest request) {}
