package io.eniipamd.simulator.wire;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The keys that the server knows. */
public final class Credentials {
  private final Map<String, Key> keys = new ConcurrentHashMap<>();

  private record Key(String secretKey, Optional<String> token, boolean expired) {
    @Override
    public String toString() {
      return "Key[…]";
    }
  }

  /** Makes a permanent key known. */
  public void add(String secretId, String secretKey) {
    keys.put(secretId, new Key(secretKey, Optional.empty(), false));
  }

  /** Makes a temporary key known, which is valid with its token only. */
  public void addTemporary(String secretId, String secretKey, String token) {
    keys.put(secretId, new Key(secretKey, Optional.of(token), false));
  }

  /** Lets the token of a temporary key expire: its next use is refused, with whatever token. */
  public void expire(String secretId) {
    Key expired =
        keys.computeIfPresent(secretId, (id, key) -> new Key(key.secretKey(), key.token(), true));
    if (expired == null) {
      throw new IllegalArgumentException("no key is called " + secretId);
    }
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
    return key != null && !key.expired() && key.token().equals(token.filter(t -> !t.isEmpty()));
  }
}
