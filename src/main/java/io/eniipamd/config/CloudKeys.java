package io.eniipamd.config;

import java.time.Duration;

/** The keys of the cloud, of the cluster in it, and of the requests to it. */
final class CloudKeys {
  static final KeyDefinition CLUSTER_ID =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.REQUIRED,
          ValueType.matching(
              "cls-…", "1 to 63 letters, digits and hyphens", "[A-Za-z0-9][A-Za-z0-9-]{0,62}"),
          "The ID of this cluster. The operator tags the ENIs that it makes with it, to find"
              + " them again.");

  static final KeyDefinition VPC_ID =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.REQUIRED,
          ValueType.id("vpc-"),
          "The VPC of the cluster and of its container subnets.");

  static final KeyDefinition ENI_SUBNETS =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.REQUIRED,
          ValueType.ids("subnet-"),
          "The subnets that ENIs and Pods get their addresses from; at least one in each zone"
              + " that has nodes. The operator reports a subnet that does not exist in an event, and"
              + " uses the others.");

  static final KeyDefinition CLOUD_REGION =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.REQUIRED,
          ValueType.matching("region", "a region such as ap-guangzhou", "[a-z]{2}(-[a-z0-9]+)+"),
          "The region of the VPC.");

  static final KeyDefinition CLOUD_ENDPOINT =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.none("the region's own"),
          ValueType.endpoint(),
          "The endpoint of the cloud's API.");

  static final KeyDefinition CLOUD_CREDENTIALS =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.of("env"),
          ValueType.oneOf("env", "file", "cvm-role", "oidc"),
          "The source of the account's keys: the environment variables TENCENTCLOUD_SECRET_ID"
              + " and TENCENTCLOUD_SECRET_KEY, a mounted file, the CAM role of the instance, or the"
              + " CAM role of the Pod's ServiceAccount.");

  static final KeyDefinition CLOUD_CREDENTIALS_FILE =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.none("none"),
          ValueType.path(),
          "The mounted Secret with the keys, for cloud-credentials=file: a directory with a"
              + " file for each of TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or one file"
              + " with lines NAME=VALUE of these names.");

  static final KeyDefinition CLOUD_ROLE =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.none("the one that the instance has"),
          ValueType.matching(
              "name",
              "the name of a CAM role, 1 to 128 of A-Z a-z 0-9 + = , . @ _ -",
              "[\\w+=,.@-]{1,128}"),
          "The CAM role of the instance, for cloud-credentials=cvm-role.");

  static final KeyDefinition CLOUD_METADATA_ENDPOINT =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.of("http://metadata.tencentyun.com"),
          ValueType.plainEndpoint(),
          "The metadata service of the instance, for cloud-credentials=cvm-role. The operator"
              + " never asks it through a proxy.");

  static final KeyDefinition CLOUD_STS_ENDPOINT =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.of("https://sts.tencentcloudapi.com"),
          ValueType.endpoint(),
          "The cloud's service for roles, for cloud-credentials=oidc.");

  static final KeyDefinition CLOUD_PROXY =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.none("none"),
          ValueType.proxy(),
          "The HTTP proxy for requests to the cloud. The operator does not read the variables"
              + " HTTP_PROXY and HTTPS_PROXY.");

  static final KeyDefinition CLOUD_REQUESTS_PER_SECOND =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.of("50"),
          ValueType.number(1, 1000),
          "Maximum number of requests per second to each action of the cloud's API. The"
              + " account shares its quota with its other users.");

  static final KeyDefinition CLOUD_CALL_TIMEOUT =
      new KeyDefinition(
          ConfigGroup.CLOUD,
          Default.of("10s"),
          ValueType.duration(Duration.ofSeconds(3), Duration.ofMinutes(1)),
          "Maximum time of one request to the cloud, connecting included.");

  private CloudKeys() {}
}
