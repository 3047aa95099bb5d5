package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderIdsTest {

  @ParameterizedTest
  @ValueSource(strings = {"ap-guangzhou-3", "ap-shanghai-fsi-1", "na-siliconvalley-2"})
  void shouldTakeTheTextForAZoneWhenItIsANameOfTheApi(String text) {
    assertThat(ProviderIds.isZone(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "160001", "cd", "160001-1", "ap-", "AP-Guangzhou-3"})
  void shouldTakeTheTextForNoZoneWhenItIsANumberOrAShortName(String text) {
    assertThat(ProviderIds.isZone(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qcloud:///800002/ins-0a1b2c3d",
        "qcloud:///ap-guangzhou-3/ins-0a1b2c3d",
        "ins-0a1b2c3d",
      })
  void shouldFindTheInstanceWhenItIsTheLastPart(String providerId) {
    assertThat(ProviderIds.instance(providerId)).contains("ins-0a1b2c3d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "qcloud:///800002/",
        "qcloud:///ins-0a1b2c3d/800002",
        "aws:///eu-west-1a/i-0a1b2c3d",
        "ins-",
        "ins-0A1B",
        "ins-0a1b 2c3d",
        "kind://docker/kind/kind-worker",
      })
  void shouldFindNoneWhenTheLastPartIsNoInstanceId(String providerId) {
    assertThat(ProviderIds.instance(providerId)).isEmpty();
  }

  @Test
  void shouldFindNoneWhenTheIdIsLongerThanAnyIs() {
    assertThat(ProviderIds.instance("qcloud:///1/ins-" + "a".repeat(60))).isEmpty();
  }

  @Test
  void shouldTellSubnetIdsFromOtherText() {
    assertThat(ProviderIds.isSubnet("subnet-0a1b2c3d")).isTrue();
    assertThat(ProviderIds.isSubnet("subnet-")).isFalse();
    assertThat(ProviderIds.isSubnet("sg-0a1b2c3d")).isFalse();
    assertThat(ProviderIds.isSubnet("")).isFalse();
  }
}
