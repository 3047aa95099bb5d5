package io.eniipamd.simulator.wire;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The keys that the server knows. */
public final class Credentials {
  private final Map<String, Key> keys = new ConcurrentHashMap<>();

  private record Key(String secretKey, Optional<String> token) {
    @Override
    public String toString() {
      return "Key[…]";
    }
  }

  /** Makes a permanent key known. */
  public void add(String secretId, String secretKey) {
    keys.put(secretId, new Key(secretKey, Optional.empty()));
  }

  /** Makes a temporary key known, which is valid with its token only. */
  public void addTemporary(String secretId, String secretKey, String token) {
    keys.put(secretId, new Key(secretKey, Optional.of(token)));
  }

  /** Forgets a key: its next use is refused. */
  public void revoke(String secretId) {
    keys.remove(secretId);
  }

  Optional<String> secretKey(String secretId) {
    return Optional.ofNullable(keys.get(secretId)).map(Key::secretKey);
  }

  boolean tokenMatches(String secretId, Optional<String> token) {
    Key key = keys.get(secretId);
    return key != null && key.token().equals(token.filter(t -> !t.isEmpty()));
  }
}
