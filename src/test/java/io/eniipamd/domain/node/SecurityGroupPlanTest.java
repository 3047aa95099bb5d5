package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.SecurityGroupPlan.Eni;
import io.eniipamd.domain.node.SecurityGroupPlan.Said;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecurityGroupPlanTest {
  private static final SecurityGroupSettings OFF =
      new SecurityGroupSettings(false, List.of("sg-1"));
  private static final SecurityGroupSettings ON =
      new SecurityGroupSettings(true, List.of("sg-1", "sg-2"));
  private static final Problem REFUSED =
      NodeProblems.securityGroupNotFound(List.of("sg-1", "sg-2"), "there is no sg-2");

  @Test
  void shouldDoAndSayNothingWhenItIsSwitchedOff() {
    var plan = SecurityGroupPlan.of(OFF, List.of(), List.of(unread("eni-a"), eni("eni-b", "sg-9")));

    assertThat(plan).isEqualTo(new SecurityGroupPlan(List.of(), List.of(), new Said.Nothing()));
  }

  @Test
  void shouldSayThatTheRecordIsNotFollowedWhenItNamesGroupsAndItIsSwitchedOff() {
    var plan = SecurityGroupPlan.of(OFF, List.of("sg-7"), List.of(eni("eni-b", "sg-9")));

    assertThat(plan.change()).isEmpty();
    assertThat(condition(plan).reason()).isEqualTo(NodeReason.SECURITY_GROUPS_OFF);
    assertThat(condition(plan).message()).contains("sg-7", "enable-security-groups");
  }

  @Test
  void shouldLeaveTheEnisAsTheyAreWhenNobodyNamesGroups() {
    var plan =
        SecurityGroupPlan.of(
            new SecurityGroupSettings(true, List.of()),
            List.of(),
            List.of(unread("eni-a"), eni("eni-b", "sg-9")));

    assertThat(plan).isEqualTo(new SecurityGroupPlan(List.of(), List.of(), new Said.Nothing()));
  }

  @Test
  void shouldReadAnEniBeforeItIsChanged() {
    var plan = SecurityGroupPlan.of(ON, List.of(), List.of(unread("eni-a")));

    assertThat(plan)
        .isEqualTo(new SecurityGroupPlan(List.of("eni-a"), List.of(), new Said.AsBefore()));
  }

  @Test
  void shouldChangeThoseThatDifferAndNoOthers() {
    var plan =
        SecurityGroupPlan.of(
            ON,
            List.of(),
            List.of(
                eni("eni-same", "sg-1", "sg-2"),
                eni("eni-order", "sg-2", "sg-1"),
                eni("eni-fewer", "sg-1"),
                eni("eni-more", "sg-1", "sg-2", "sg-3"),
                eni("eni-none")));

    assertThat(plan.change()).containsExactly("eni-order", "eni-fewer", "eni-more", "eni-none");
    assertThat(plan.said()).isEqualTo(new Said.AsBefore());
  }

  @Test
  void shouldGoByTheRecordWhenItNamesGroups() {
    var enis = List.of(eni("eni-a", "sg-1", "sg-2"), eni("eni-b", "sg-7", "sg-8"));

    var plan = SecurityGroupPlan.of(ON, List.of("sg-7", "sg-8", "sg-7"), enis);

    assertThat(plan.change()).containsExactly("eni-a");
  }

  @Test
  void shouldSayWhichGroupsTheEnisHaveWhenAllHaveThem() {
    var plan =
        SecurityGroupPlan.of(
            ON, List.of(), List.of(eni("eni-a", "sg-1", "sg-2"), eni("eni-b", "sg-1", "sg-2")));

    assertThat(plan.change()).isEmpty();
    assertThat(condition(plan))
        .isEqualTo(
            new NodeCondition(
                NodeConditions.SECURITY_GROUPS_SET,
                true,
                NodeReason.GROUPS_SET,
                "the node's ENIs have sg-1, sg-2"));
  }

  @Test
  void shouldSayNothingNewOfANodeWithoutAnEni() {
    assertThat(SecurityGroupPlan.of(ON, List.of(), List.of()).said())
        .isEqualTo(new Said.AsBefore());
  }

  @Test
  void shouldWaitAndSayWhyWhenTheCloudRefuses() {
    var refused = new Eni("eni-a", Optional.of(List.of("sg-9")), Optional.of(REFUSED));

    var plan = SecurityGroupPlan.of(ON, List.of(), List.of(refused, eni("eni-b", "sg-8")));

    assertThat(plan.change()).containsExactly("eni-b");
    assertThat(condition(plan))
        .isEqualTo(
            new NodeCondition(
                NodeConditions.SECURITY_GROUPS_SET, false, REFUSED.reason(), REFUSED.message()));
  }

  @Test
  void shouldForgetARefusalWhenTheEniHasTheGroups() {
    var mended = new Eni("eni-a", Optional.of(List.of("sg-1", "sg-2")), Optional.of(REFUSED));

    assertThat(condition(SecurityGroupPlan.of(ON, List.of(), List.of(mended))).holds()).isTrue();
  }

  private static NodeCondition condition(SecurityGroupPlan plan) {
    assertThat(plan.said()).isInstanceOf(Said.This.class);
    return ((Said.This) plan.said()).condition();
  }

  private static Eni unread(String eniId) {
    return new Eni(eniId, Optional.empty(), Optional.empty());
  }

  private static Eni eni(String eniId, String... groups) {
    return new Eni(eniId, Optional.of(Arrays.asList(groups)), Optional.empty());
  }
}
