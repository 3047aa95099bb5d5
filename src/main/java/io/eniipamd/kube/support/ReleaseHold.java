package io.eniipamd.kube.support;

import java.time.Duration;
import java.util.Optional;

/** What can hold up the release of a fixed IP: a pause that a user set, or an avalanche. */
public interface ReleaseHold {

  /** Nothing is held up. */
  ReleaseHold NONE =
      new ReleaseHold() {
        @Override
        public boolean open() {
          return true;
        }

        @Override
        public Optional<Duration> holds(String namespace, String uid) {
          return Optional.empty();
        }

        @Override
        public void done(String uid) {}
      };

  /** Whether releases go on at all, leaving namespaces aside. */
  boolean open();

  /**
   * Whether the release has to wait.
   *
   * @param namespace of the claim
   * @param uid of the claim
   * @return after how long to ask again; empty where it may go on
   */
  Optional<Duration> holds(String namespace, String uid);

  /**
   * The release is done: nothing about it need be known any more.
   *
   * @param uid of the claim
   */
  void done(String uid);
}
