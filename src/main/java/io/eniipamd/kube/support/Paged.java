package io.eniipamd.kube.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A list that was read page by page: an answer with all Pods of a large cluster is larger than the
 * operator's whole memory.
 *
 * @param items what was listed
 * @param resourceVersion of the list as a whole; all pages are of the same moment
 */
public record Paged<T extends HasMetadata>(List<T> items, String resourceVersion) {

  /** How many objects an answer has at most; that of informers too. */
  public static final long LIMIT = 500;

  /**
   * How often a list is read from the beginning. The API server keeps a list's moment for a few
   * minutes, in which one reads hundreds of pages: more often than a few times it does not help.
   */
  private static final int ATTEMPTS = 3;

  public Paged {
    items = List.copyOf(items);
  }

  /**
   * Reads all of them; from the beginning where the moment of the list is gone before its last page
   * was read.
   *
   * @throws KubernetesClientException where a page cannot be read; what was read until then is no
   *     list
   */
  public static <T extends HasMetadata> Paged<T> list(
      Listable<? extends KubernetesResourceList<T>> kind) {
    var items = new ArrayList<T>();
    var version = read(kind, items::clear, items::add);
    return new Paged<>(items, version);
  }

  /**
   * Reads of each of them one word, and keeps nothing else: they may be many.
   *
   * @param word of an object; null where it has none
   * @throws KubernetesClientException as {@link #list}
   */
  public static <T extends HasMetadata> Set<String> words(
      Listable<? extends KubernetesResourceList<T>> kind, Function<T, String> word) {
    var words = new HashSet<String>();
    var unused =
        read(
            kind,
            words::clear,
            item -> Optional.ofNullable(word.apply(item)).ifPresent(words::add));
    return words;
  }

  /** Reads all pages of one moment, and returns the version of the list as a whole. */
  private static <T extends HasMetadata> String read(
      Listable<? extends KubernetesResourceList<T>> kind, Runnable begin, Consumer<T> item) {
    for (int attempt = 1; ; attempt++) {
      begin.run();
      try {
        return readOnce(kind, item);
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_GONE || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static <T extends HasMetadata> String readOnce(
      Listable<? extends KubernetesResourceList<T>> kind, Consumer<T> item) {
    String more = null;
    while (true) {
      var page = kind.list(new ListOptionsBuilder().withLimit(LIMIT).withContinue(more).build());
      page.getItems().forEach(item);
      more = page.getMetadata().getContinue();
      if (more == null || more.isEmpty()) {
        return page.getMetadata().getResourceVersion();
      }
    }
  }
}
