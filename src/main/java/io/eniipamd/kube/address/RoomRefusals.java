package io.eniipamd.kube.address;

import jakarta.inject.Singleton;

/**
 * What follows from a refusal: the place is left out for a while, and what may explain the refusal
 * is read again.
 */
@Singleton
public final class RoomRefusals implements NoRoom {
  private final FullPlaces full;
  private final StrayCollector strays;
  private final OwnEnis own;
  private final AddressBook book;

  public RoomRefusals(FullPlaces full, StrayCollector strays, OwnEnis own, AddressBook book) {
    this.full = full;
    this.strays = strays;
    this.own = own;
    this.book = book;
  }

  @Override
  public void onEni(String eniId) {
    full.note(eniId);
    strays.suspect(eniId);
    own.enqueueNode(eniId);
  }

  @Override
  public void inSubnet(String subnetId) {
    full.note(subnetId);
    book.doubt(subnetId);
  }
}
