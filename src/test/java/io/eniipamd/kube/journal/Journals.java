package io.eniipamd.kube.journal;

/** Journals for tests of other things. */
public final class Journals {
  private Journals() {}

  /** Nobody reads it. */
  public static AddressJournal none() {
    return new AddressJournal(_ -> {});
  }
}
