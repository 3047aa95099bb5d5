package io.eniipamd.domain.node;

import java.util.Optional;
import java.util.regex.Pattern;

/** The spelling of the cloud's ids where users and kubelets write them. */
public final class ProviderIds {

  /** As the CRD has it, so that what is read here is never refused there. */
  private static final Pattern INSTANCE = Pattern.compile("ins-[0-9a-z]+");

  private static final Pattern SUBNET = Pattern.compile("subnet-[0-9a-z]+");

  /** A name like {@code ap-guangzhou-3}; a number like {@code 160001} is none. */
  private static final Pattern ZONE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)+");

  private static final int LONGEST = 63;

  private ProviderIds() {}

  /**
   * The instance in a Node's {@code spec.providerID}, like {@code qcloud:///800002/ins-0a1b2c3d}.
   *
   * @return empty if its last part is not an instance id
   */
  public static Optional<String> instance(String providerId) {
    var last = providerId.substring(providerId.lastIndexOf('/') + 1);
    return Optional.of(last).filter(id -> id.length() <= LONGEST && INSTANCE.matcher(id).matches());
  }

  /** Whether the text is written like the name that the cloud's API has for a zone. */
  public static boolean isZone(String text) {
    return text.length() <= LONGEST && ZONE.matcher(text).matches();
  }

  /** Whether the text is written like a subnet's id, {@code subnet-…}. */
  public static boolean isSubnet(String text) {
    return text.length() <= LONGEST && SUBNET.matcher(text).matches();
  }
}
