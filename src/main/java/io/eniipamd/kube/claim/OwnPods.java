package io.eniipamd.kube.claim;

import io.eniipamd.domain.claim.PodWish;
import io.eniipamd.kube.support.SlimPod;
import io.javaoperatorsdk.operator.processing.event.source.filter.GenericFilter;

/** Lets through the Pods that ask for an address, rightly or not. The others cost nothing. */
public final class OwnPods implements GenericFilter<SlimPod> {
  @Override
  public boolean accept(SlimPod pod) {
    return switch (Wishes.of(pod)) {
      case PodWish.Wants wants -> true;
      case PodWish.NotOurs notOurs -> notOurs.complaint().isPresent();
    };
  }
}
