package io.eniipamd.kube.claim;

import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.kube.support.SlimPod;
import io.javaoperatorsdk.operator.processing.event.source.filter.GenericFilter;

/**
 * Lets through the Pods that ask for an address, rightly or not, and those that wait for the
 * operator to open their scheduling gate. The others cost nothing.
 */
public final class VpcCniPodFilter implements GenericFilter<SlimPod> {
  @Override
  public boolean accept(SlimPod pod) {
    return pod.isGated()
        || switch (PodRequests.of(pod)) {
          case PodRequest.Requested requested -> true;
          case PodRequest.NotOurs notOurs -> notOurs.error().isPresent();
        };
  }
}
