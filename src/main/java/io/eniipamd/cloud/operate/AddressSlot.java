package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.List;

/** An address within a batch, with all requests that wait for it. */
final class AddressSlot {

  /** How far it has come. */
  enum State {
    /** Not sent, or not known to have been accepted. */
    OPEN,
    /** Accepted by the cloud, not seen yet. */
    ACCEPTED,
    /** Refused as taken, where the one who has it may be ourselves. */
    DISPUTED,
    /** Over, for better or worse. */
    SETTLED
  }

  final Ip address;
  final List<AddressRequest> requests = new ArrayList<>();
  State state = State.OPEN;
  String requestId = "";

  /** Whether an earlier call, answered or not, may have had its effect. */
  boolean doubtful;

  AddressSlot(Ip address) {
    this.address = address;
  }

  /** Whether those who want the address were asked to free it; once is enough. */
  boolean freeingTried;

  /** Whether the cloud has refused, as taken, a call for this address and no other. */
  boolean refusedAlone;

  void accepted(String id) {
    state = State.ACCEPTED;
    requestId = id;
  }

  void succeeded() {
    state = State.SETTLED;
    requests.forEach(request -> request.succeeded(requestId));
  }

  void failed(CloudException e) {
    state = State.SETTLED;
    requests.forEach(request -> request.failed(e));
  }
}
