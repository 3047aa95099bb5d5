package io.eniipamd.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eniipamd.simulator.fault.CallGate;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * Stops Pods' stories before or after one of their changing calls, to the API server or to the
 * cloud. The call is known by what it does and not by its place, so that one more try of a call
 * before it does not make a Pod stop at another one.
 *
 * <p>What is stopped goes no further, so that for this Pod it is as if its operator had died there;
 * the test kills the operator when all are stopped, and then {@link #letThrough}: what was held up
 * to then has no effect and no answer.
 *
 * <p>One gate stands before both servers. A call is a Pod's by the claim's name, or by the address
 * that was recorded for it, or by the ENI whose primary address that is.
 */
public final class StoppingGate implements CallGate {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where a call is stopped. */
  public enum Side {
    BEFORE,
    AFTER
  }

  /**
   * A place in a Pod's story.
   *
   * @param call like {@code PUT vpcips/status}
   * @param time which of that kind, counted from 1
   */
  public record Stop(String call, int time, Side side) {}

  private final Map<String, Stop> stops;
  private final Function<String, Optional<String>> primaryOf;
  private final Map<String, List<String>> stories = new HashMap<>();
  private final Map<String, String> podByAddress = new HashMap<>();
  private final Set<String> stopped = new HashSet<>();
  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * @param stops where, by the Pod's name
   * @param addresses the Pods that have one already, by address
   * @param primaryOf the primary address of an ENI, by its ID
   */
  public StoppingGate(
      Map<String, Stop> stops,
      Map<String, String> addresses,
      Function<String, Optional<String>> primaryOf) {
    this.stops = Map.copyOf(stops);
    this.primaryOf = primaryOf;
    podByAddress.putAll(addresses);
  }

  /** The changing calls of a Pod so far, like {@code PUT vpcips/status}. */
  public synchronized List<String> story(String pod) {
    return List.copyOf(stories.getOrDefault(pod, List.of()));
  }

  /** The Pods that have been stopped. */
  public synchronized Set<String> stopped() {
    return Set.copyOf(stopped);
  }

  /** Cuts what is held. */
  public void letThrough() {
    end.countDown();
  }

  @Override
  public Decision before(String action, String request) {
    return reached(action, request, Side.BEFORE) ? hold() : Decision.PROCEED;
  }

  @Override
  public Decision after(String action, String request, String result) {
    return reached(action, request, Side.AFTER) ? hold() : Decision.PROCEED;
  }

  private synchronized boolean reached(String action, String request, Side side) {
    boolean any = false;
    var call = withoutNames(action);
    for (var pod : podsOf(action, request)) {
      var story = stories.computeIfAbsent(pod, p -> new ArrayList<>());
      if (side == Side.BEFORE && !stopped.contains(pod)) {
        story.add(call);
      }
      if (isStop(stops.get(pod), call, Collections.frequency(story, call), side)) {
        stopped.add(pod);
      }
      any |= stopped.contains(pod);
    }
    return any;
  }

  /**
   * An operator whose client gave up waiting may have sent the call once more before the first is
   * answered, so that an answer may be counted late.
   */
  private static boolean isStop(Stop stop, String call, int time, Side side) {
    return stop != null
        && stop.call().equals(call)
        && stop.side() == side
        && (side == Side.BEFORE ? time == stop.time() : time >= stop.time());
  }

  private Decision hold() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Decision.CUT;
  }

  private Collection<String> podsOf(String action, String request) {
    var words = action.split("[ /]", -1);
    return switch (words.length > 1 ? words[1] : "") {
      case "vpcipclaims" -> List.of(words.length > 2 ? words[2] : nameIn(request));
      case "vpcips" -> holderOf(words.length > 2 ? words[2] : nameIn(request), request);
      case "" -> inCloud(request);
      default -> List.of();
    };
  }

  private Collection<String> holderOf(String address, String request) {
    var claim = read(request).path("spec").path("claimRef").path("name").asText();
    if (!claim.isEmpty()) {
      podByAddress.put(address, claim);
    }
    var pod = podByAddress.get(address);
    return pod == null ? List.of() : List.of(pod);
  }

  private Collection<String> inCloud(String request) {
    var pods = new HashSet<String>();
    podByAddress.forEach(
        (address, pod) -> {
          if (request.contains("\"" + address + "\"")) {
            pods.add(pod);
          }
        });
    // The ENI of a Pod's own: its address is in no call but the first.
    var eni = read(request).path("NetworkInterfaceId").asText();
    primaryOf.apply(eni).map(podByAddress::get).ifPresent(pods::add);
    return pods;
  }

  private static String nameIn(String request) {
    return read(request).path("metadata").path("name").asText();
  }

  private static JsonNode read(String request) {
    try {
      return request.isEmpty() ? JSON.createObjectNode() : JSON.readTree(request);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code PUT vpcips/10.0.0.5/status} is {@code PUT vpcips/status}. */
  private static String withoutNames(String action) {
    return action.replaceFirst("(vpcip(?:claim)?s)/[^/]+", "$1");
  }
}
