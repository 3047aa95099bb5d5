package io.eniipamd.kube.release;

import io.eniipamd.kube.release.AvalancheStore.Avalanche;

/** What a release gate needs where no avalanche happens and none is reported. */
public final class QuietRelease {
  private QuietRelease() {}

  /** No avalanche is on record, and none has to be written. */
  public static AvalancheStore noAvalanche() {
    return new AvalancheStore() {
      @Override
      public State read() {
        return new State.Clear();
      }

      @Override
      public void write(Avalanche avalanche) {
        throw new AssertionError("an avalanche: " + avalanche);
      }

      @Override
      public void clear() {}
    };
  }

  /** Hears and does nothing. */
  public static ReleaseGate.Listener unheard() {
    return new ReleaseGate.Listener() {
      @Override
      public void paused(Avalanche avalanche) {}

      @Override
      public void resumed() {}

      @Override
      public void recordMissing(String message) {}
    };
  }
}
