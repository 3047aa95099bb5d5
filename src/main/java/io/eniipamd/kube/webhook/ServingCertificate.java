package io.eniipamd.kube.webhook;

import java.util.Optional;

/** Where the certificate of the webhook comes from; looked after from time to time. */
interface ServingCertificate {

  /**
   * Does the next step for it, if there is one.
   *
   * @param leading whether this process leads; one alone writes
   * @return the pair to be served where it is another one than before
   * @throws UnusablePairException where there is none that can be served
   */
  Optional<ServingPair> tend(boolean leading) throws UnusablePairException;
}
