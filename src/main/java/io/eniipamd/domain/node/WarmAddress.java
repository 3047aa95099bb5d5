package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;

/**
 * An address that is kept ready on an ENI for a Pod that comes, and that no claim holds.
 *
 * @param eniId the ENI that it is on, or on its way to
 * @param ready whether the cloud has confirmed it there
 */
public record WarmAddress(Ip ip, String eniId, boolean ready) {}
