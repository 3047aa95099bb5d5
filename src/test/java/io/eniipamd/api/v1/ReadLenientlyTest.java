package io.eniipamd.api.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Objects of a newer version, after a roll-back. */
class ReadLenientlyTest {
  private static final List<Class<? extends Record>> PARTS =
      List.of(
          VpcIPSpec.class,
          VpcIPStatus.class,
          VpcIPClaimSpec.class,
          VpcIPClaimStatus.class,
          NodeENIConfigSpec.class,
          NodeENIConfigStatus.class,
          EniInfo.class,
          OwnerInfo.class,
          ClaimRef.class,
          Condition.class);

  @Test
  void shouldReadEveryEnumWhenItsWordIsOfANewerVersion() {
    assertThat(PARTS.stream().flatMap(ReadLenientlyTest::enums))
        .isNotEmpty()
        .allMatch(c -> c.getAccessor().isAnnotationPresent(ReadLeniently.class));
  }

  @Test
  void shouldNameTheFieldWhenTheEniOfANodeHasAWordOfANewerVersion() {
    var nec =
        Serialization.unmarshal(
            """
            {"apiVersion":"networking.tke.cloud.tencent.com/v1","kind":"NodeENIConfig",
             "metadata":{"name":"node-1"},"spec":{},
             "status":{"eniInfos":[{"eniId":"eni-1","phase":"FromTheFuture"}]}}""",
            NodeENIConfig.class);

    assertThat(nec.unreadable()).contains("status.eniInfos[eni-1].phase");
  }

  private static Stream<RecordComponent> enums(Class<? extends Record> part) {
    return Arrays.stream(part.getRecordComponents()).filter(c -> c.getType().isEnum());
  }
}
