package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.vpc.v20170312.models.Filter;
import com.tencentcloudapi.vpc.v20170312.models.PrivateIpAddressSpecification;
import com.tencentcloudapi.vpc.v20170312.models.Tag;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What many requests have in them: filters, tags, addresses, the length of a page. */
final class RequestParts {

  /** Rows of a page of a listing: the most that the cloud gives. */
  static final long PAGE = VpcCloud.MAX_IDS_PER_CALL;

  private RequestParts() {}

  static PrivateIpAddressSpecification[] secondary(Collection<Ip> addresses) {
    return addresses.stream()
        .map(address -> specification(address, false))
        .toArray(PrivateIpAddressSpecification[]::new);
  }

  static PrivateIpAddressSpecification specification(Ip address, boolean primary) {
    var specification = new PrivateIpAddressSpecification();
    specification.setPrivateIpAddress(address.toString());
    specification.setPrimary(primary);
    return specification;
  }

  static Filter filter(String name, String value) {
    var filter = new Filter();
    filter.setName(name);
    filter.setValues(new String[] {value});
    return filter;
  }

  static Tag[] tags(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream().map(tag -> tag(tag.getKey(), tag.getValue())).toArray(Tag[]::new);
  }

  /** For messages. */
  static String joined(Collection<Ip> addresses) {
    return addresses.stream().map(Ip::toString).collect(Collectors.joining(", "));
  }

  /** In their order, none longer than the size. */
  static <T> List<List<T>> chunks(Collection<T> all, int size) {
    var list = List.copyOf(all);
    var chunks = new ArrayList<List<T>>();
    for (int from = 0; from < list.size(); from += size) {
      chunks.add(list.subList(from, Math.min(list.size(), from + size)));
    }
    return chunks;
  }

  private static Tag tag(String key, String value) {
    var tag = new Tag();
    tag.setKey(key);
    tag.setValue(value);
    return tag;
  }
}
