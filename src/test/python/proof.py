"""Proof that the simulated VPC speaks the real language.

The client is the official Python SDK (VPC and CVM), which knows nothing of this project; beside it
only the standard library is used. The simulation is told what to do through /_sim/, as a person
would. Each test ends with the VPC as it was: what is leaked or lost fails it.

Where the simulation listens and its key come from the environment: SIMULATED_VPC (host:port),
TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
"""

import contextlib
import datetime
import hashlib
import hmac
import http.client
import itertools
import json
import os
import time
import unittest
from unittest import mock

from tencentcloud.common import abstract_client
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client
from tencentcloud.cvm.v20170312 import models as cvm_models
from tencentcloud.vpc.v20170312 import models, vpc_client

ENDPOINT = os.environ["SIMULATED_VPC"]
SECRET_ID = os.environ["TENCENTCLOUD_SECRET_ID"]
SECRET_KEY = os.environ["TENCENTCLOUD_SECRET_KEY"]
REGION = "ap-guangzhou"

# The layout that the simulation starts with.
VPC = "vpc-simulat3"
ZONE_3 = "ap-guangzhou-3"
SUBNET = "subnet-gz3pods1"
SUBNET_ZONE_4 = "subnet-gz4pods1"
NODE_1, NODE_2, NODE_ZONE_4 = "ins-node0001", "ins-node0002", "ins-node0004"

PATIENCE_SECONDS = 30
LOOK_SECONDS = 0.01

tokens = (f"proof-{n}" for n in itertools.count(1))


def profile():
    http_profile = HttpProfile(protocol="http", endpoint=ENDPOINT, reqTimeout=PATIENCE_SECONDS)
    return ClientProfile(signMethod="TC3-HMAC-SHA256", httpProfile=http_profile)


def client(secret_id=SECRET_ID, secret_key=SECRET_KEY, token=None, region=REGION):
    return vpc_client.VpcClient(Credential(secret_id, secret_key, token), region, profile())


def control(method, path, order=None):
    """Tells the simulation something beside the API; the answer's text."""
    connection = http.client.HTTPConnection(ENDPOINT, timeout=PATIENCE_SECONDS)
    with contextlib.closing(connection):
        body = order if isinstance(order, str) else json.dumps(order) if order else None
        connection.request(method, f"/_sim/{path}", body)
        answer = connection.getresponse()
        text = answer.read().decode()
    if answer.status != 200:
        raise AssertionError(f"{method} /_sim/{path}: {answer.status} {text}")
    return text


def fault(**order):
    control("POST", "faults", order)


def settings(**order):
    control("POST", "settings", order)


def named(*ips, primary=False):
    return [{"PrivateIpAddress": ip, "Primary": primary} for ip in ips]


class Proof(unittest.TestCase):
    """A client, the few calls that most tests begin with, and a look at what is left at the end."""

    def __str__(self):
        return f"{type(self).__name__}: {self._testMethodName[len('test_'):].replace('_', ' ')}"

    def setUp(self):
        self.vpc = client()
        self.before = control("GET", "state")
        self.addCleanup(self.expect_all_as_before)

    def expect_all_as_before(self):
        control("DELETE", "faults")
        control("POST", "tasks/release")
        self.await_idle()
        self.assertEqual("nothing differs\n", control("POST", "diff", self.before))

    def call(self, action, using=None, **parameters):
        request = getattr(models, f"{action}Request")()
        request.from_json_string(json.dumps(parameters))
        return getattr(using or self.vpc, action)(request)

    def refused(self, code, action, using=None, **parameters):
        """Expects exactly this error code; the error."""
        with self.assertRaises(TencentCloudSDKException) as caught:
            self.call(action, using, **parameters)
        self.assertEqual(code, caught.exception.get_code(), caught.exception)
        return caught.exception

    def await_until(self, what, condition):
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > end:
                self.fail(f"waited {PATIENCE_SECONDS} s in vain for {what}")
            time.sleep(LOOK_SECONDS)

    def await_idle(self):
        self.await_until("the tasks to end", lambda: json.loads(control("GET", "tasks")) == [])

    def await_task(self, answer, status="SUCCESS"):
        """Waits for a task as a client does: by the id of the request that began it."""

        def ended():
            result = self.call("DescribeVpcTaskResult", TaskId=answer.RequestId)
            self.assertIn(result.Status, ("RUNNING", status))
            return result.Status == status

        self.await_until(f"a task to be {status}", ended)

    def begin_eni(self, subnet=SUBNET, **parameters):
        wanted = {"VpcId": VPC, "SubnetId": subnet, "NetworkInterfaceName": "proof"} | parameters
        return self.call("CreateNetworkInterface", **wanted)

    def create(self, subnet=SUBNET, **parameters):
        """A new ENI that is ready; its id."""
        answer = self.begin_eni(subnet, **parameters)
        eni = answer.NetworkInterface.NetworkInterfaceId
        self.addCleanup(self.remove, eni)
        self.await_task(answer)
        return eni

    def create_attached(self, subnet=SUBNET, node=NODE_1):
        eni = self.create(subnet)
        self.attach(eni, node)
        return eni

    def attach(self, eni, node=NODE_1):
        self.await_task(self.call("AttachNetworkInterface", NetworkInterfaceId=eni, InstanceId=node))

    def remove(self, eni):
        """Takes an ENI away, from wherever it is; one that is gone is gone."""
        control("DELETE", "faults")
        control("POST", "tasks/release")
        settings(readsBehindMillis=0, readsFrozenMillis=0, rateLimits=False)
        self.await_idle()
        found = self.look(eni)
        if found is None:
            return
        if found.Attachment is not None:
            self.await_task(
                self.call(
                    "DetachNetworkInterface",
                    NetworkInterfaceId=eni,
                    InstanceId=found.Attachment.InstanceId,
                )
            )
        self.await_task(self.call("DeleteNetworkInterface", NetworkInterfaceId=eni))

    def look(self, eni):
        answer = self.call("DescribeNetworkInterfaces", NetworkInterfaceIds=[eni])
        return answer.NetworkInterfaceSet[0] if answer.NetworkInterfaceSet else None

    def enis_where(self, **filters):
        return self.call("DescribeNetworkInterfaces", Filters=filters_of(filters))

    def begin_assign(self, eni, *ips):
        return self.call(
            "AssignPrivateIpAddresses", NetworkInterfaceId=eni, PrivateIpAddresses=named(*ips)
        )

    def assign(self, eni, *ips):
        self.await_task(self.begin_assign(eni, *ips))

    def unassign(self, eni, *ips):
        self.await_task(
            self.call(
                "UnassignPrivateIpAddresses", NetworkInterfaceId=eni, PrivateIpAddresses=named(*ips)
            )
        )

    def secondary(self, eni):
        return [a.PrivateIpAddress for a in self.look(eni).PrivateIpAddressSet if not a.Primary]

    def used(self, *ips):
        answer = self.call(
            "DescribeVpcPrivateIpAddresses", VpcId=VPC, PrivateIpAddresses=list(ips)
        )
        return [a.PrivateIpAddress for a in answer.VpcPrivateIpAddressSet]


def filters_of(values):
    """Filters by keyword: an underscore stands for a hyphen, a tuple for several values."""
    return [
        {
            "Name": name.replace("_", "-"),
            "Values": list(value) if isinstance(value, tuple) else [value],
        }
        for name, value in values.items()
    ]


class LifeOfAnEni(Proof):
    def test_from_creation_to_deletion(self):
        created = self.begin_eni(
            PrivateIpAddresses=named("10.0.0.77", primary=True),
            SecurityGroupIds=["sg-proof"],
            Tags=[{"Key": "cluster", "Value": "cls-1"}],
        )
        eni = created.NetworkInterface
        self.assertRegex(eni.NetworkInterfaceId, r"^eni-[0-9a-z]{8}$")
        self.assertEqual("PENDING", eni.State)
        self.assertEqual("10.0.0.77", eni.PrivateIpAddressSet[0].PrivateIpAddress)
        self.assertTrue(eni.PrivateIpAddressSet[0].Primary)
        self.assertEqual(["sg-proof"], eni.GroupSet)
        self.assertRegex(eni.MacAddress, r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$")
        self.await_task(created)
        made = self.look(eni.NetworkInterfaceId)
        self.assertEqual(("AVAILABLE", None), (made.State, made.Attachment))

        attaching = self.call(
            "AttachNetworkInterface", NetworkInterfaceId=eni.NetworkInterfaceId, InstanceId=NODE_1
        )
        self.await_task(attaching)
        attached = self.look(eni.NetworkInterfaceId)
        self.assertEqual(NODE_1, attached.Attachment.InstanceId)
        self.assertEqual("AVAILABLE", attached.State)
        self.assertEqual("INUSE", attached.NetworkInterfaceState)
        self.refused(
            "ResourceInUse", "DeleteNetworkInterface", NetworkInterfaceId=eni.NetworkInterfaceId
        )

        self.await_task(
            self.call(
                "DetachNetworkInterface",
                NetworkInterfaceId=eni.NetworkInterfaceId,
                InstanceId=NODE_1,
            )
        )
        self.await_task(
            self.call("DeleteNetworkInterface", NetworkInterfaceId=eni.NetworkInterfaceId)
        )
        self.assertIsNone(self.look(eni.NetworkInterfaceId))
        self.refused(
            "ResourceNotFound", "DeleteNetworkInterface", NetworkInterfaceId=eni.NetworkInterfaceId
        )

    def test_a_repeated_token_makes_no_second_eni(self):
        token = next(tokens)
        first = self.create(ClientToken=token)
        again = self.begin_eni(ClientToken=token)
        self.assertEqual(first, again.NetworkInterface.NetworkInterfaceId)
        self.refused(
            "UnsupportedOperation.IdempotentParameterMismatch",
            "CreateNetworkInterface",
            VpcId=VPC,
            SubnetId=SUBNET,
            NetworkInterfaceName="another",
            ClientToken=token,
        )
        token = next(tokens)
        for _ in range(2):
            self.await_task(
                self.call(
                    "AttachNetworkInterface",
                    NetworkInterfaceId=first,
                    InstanceId=NODE_1,
                    ClientToken=token,
                )
            )
        self.assertEqual(1, self.enis_where(is_primary="false").TotalCount)

    def test_made_and_attached_in_one_call(self):
        answer = self.call(
            "CreateAndAttachNetworkInterface",
            VpcId=VPC,
            SubnetId=SUBNET_ZONE_4,
            NetworkInterfaceName="proof",
            InstanceId=NODE_ZONE_4,
        )
        eni = answer.NetworkInterface.NetworkInterfaceId
        self.addCleanup(self.remove, eni)
        self.await_task(answer)
        self.assertEqual(NODE_ZONE_4, self.look(eni).Attachment.InstanceId)

    def test_two_clusters_side_by_side_by_their_tags(self):
        first = self.create(Tags=[{"Key": "cluster", "Value": "cls-1"}])
        second = self.create(Tags=[{"Key": "cluster", "Value": "cls-2"}])
        for cluster, eni in (("cls-1", first), ("cls-2", second)):
            found = self.enis_where(**{"tag:cluster": cluster}).NetworkInterfaceSet
            self.assertEqual([eni], [e.NetworkInterfaceId for e in found])
            self.assertEqual(cluster, found[0].TagSet[0].Value)
        self.assertEqual(2, self.enis_where(tag_key="cluster").TotalCount)

    def test_listed_by_filters_and_page_by_page(self):
        enis = [self.create() for _ in range(3)]
        self.attach(enis[0])
        first, last = (
            self.call(
                "DescribeNetworkInterfaces",
                Filters=filters_of({"subnet_id": SUBNET, "is_primary": "false"}),
                Offset=offset,
                Limit=2,
            )
            for offset in (0, 2)
        )
        self.assertEqual((3, 3), (first.TotalCount, last.TotalCount))
        listed = [e.NetworkInterfaceId for e in first.NetworkInterfaceSet + last.NetworkInterfaceSet]
        self.assertCountEqual(enis, listed)
        on_node = self.enis_where(**{"attachment.instance-id": NODE_1, "is_primary": "false"})
        self.assertEqual([enis[0]], [e.NetworkInterfaceId for e in on_node.NetworkInterfaceSet])
        self.refused(
            "InvalidParameter.Coexist",
            "DescribeNetworkInterfaces",
            NetworkInterfaceIds=enis,
            Filters=filters_of({"vpc_id": VPC}),
        )
        self.refused(
            "InvalidParameter.FilterInvalidKey",
            "DescribeNetworkInterfaces",
            Filters=filters_of({"colour": "green"}),
        )
        self.refused("InvalidParameterValue.Range", "DescribeNetworkInterfaces", Limit=101)

    def test_moved_to_another_machine_with_its_addresses(self):
        eni = self.create_attached()
        self.assign(eni, "10.0.0.100")
        self.await_task(
            self.call(
                "MigrateNetworkInterface",
                NetworkInterfaceId=eni,
                SourceInstanceId=NODE_1,
                DestinationInstanceId=NODE_2,
            )
        )
        self.assertEqual(NODE_2, self.look(eni).Attachment.InstanceId)
        self.assertEqual(["10.0.0.100"], self.secondary(eni))

    def test_a_task_that_fails_takes_its_effect_back(self):
        eni = self.create()
        fault(action="AttachNetworkInterface", kind="taskFails")
        attaching = self.call("AttachNetworkInterface", NetworkInterfaceId=eni, InstanceId=NODE_1)
        self.await_task(attaching, "FAILED")
        self.assertIsNone(self.look(eni).Attachment)
        self.refused("ResourceNotFound", "DescribeVpcTaskResult", TaskId="no-such-request")


class LifeOfItsAddresses(Proof):
    def test_assigned_by_name_ten_at_once(self):
        eni = self.create()
        ips = [f"10.0.0.{n}" for n in range(100, 110)]
        answer = self.begin_assign(eni, *ips)
        self.assertEqual(ips, [a.PrivateIpAddress for a in answer.PrivateIpAddressSet])
        self.assertEqual({"PENDING"}, {a.State for a in answer.PrivateIpAddressSet})
        self.await_task(answer)
        self.assertEqual(ips, self.secondary(eni))
        self.assertEqual({"AVAILABLE"}, {a.State for a in self.look(eni).PrivateIpAddressSet})
        self.refused(
            "InvalidParameterValue.LimitExceeded",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            PrivateIpAddresses=named(*(f"10.0.0.{n}" for n in range(120, 131))),
        )

    def test_assigned_by_count_and_given_back(self):
        eni = self.create_attached()
        free = self.free()
        answer = self.call(
            "AssignPrivateIpAddresses", NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=3
        )
        self.await_task(answer)
        ips = [a.PrivateIpAddress for a in answer.PrivateIpAddressSet]
        self.assertEqual(3, len(set(ips)))
        self.assertEqual(free - 3, self.free())
        self.unassign(eni, *ips)
        self.assertEqual([], self.secondary(eni))
        self.assertEqual(free, self.free())
        self.refused(
            "UnsupportedOperation.AttachmentNotFound",
            "UnassignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            PrivateIpAddresses=named(ips[0]),
        )

    def free(self):
        return self.call("DescribeSubnets", SubnetIds=[SUBNET]).SubnetSet[0].AvailableIpAddressCount

    def test_migrated_and_never_free_in_between(self):
        source, destination = self.create_attached(), self.create_attached(node=NODE_2)
        self.assign(source, "10.0.0.100")
        fault(action="MigratePrivateIpAddress", kind="taskHangs")
        moving = self.call(
            "MigratePrivateIpAddress",
            SourceNetworkInterfaceId=source,
            DestinationNetworkInterfaceId=destination,
            PrivateIpAddress="10.0.0.100",
        )
        states = {a.PrivateIpAddress: a.State for a in self.look(source).PrivateIpAddressSet}
        self.assertEqual("MIGRATING", states["10.0.0.100"])
        self.assertEqual(["10.0.0.100"], self.used("10.0.0.100"))
        control("POST", "tasks/release")
        self.await_task(moving)
        self.assertEqual([], self.secondary(source))
        self.assertEqual(["10.0.0.100"], self.secondary(destination))
        primary = self.look(source).PrivateIpAddressSet[0].PrivateIpAddress
        for code, ip in (
            ("UnauthorizedOperation.PrimaryIp", primary),
            ("UnauthorizedOperation.AttachmentNotFound", "10.0.0.100"),
        ):
            self.refused(
                code,
                "MigratePrivateIpAddress",
                SourceNetworkInterfaceId=source,
                DestinationNetworkInterfaceId=destination,
                PrivateIpAddress=ip,
            )

    def test_a_refused_batch_is_refused_whole_and_the_used_ones_are_named(self):
        eni = self.create_attached()
        control("POST", "strangers", {"ip": "10.0.0.101", "name": "lb-1"})
        self.addCleanup(control, "DELETE", "strangers", {"ip": "10.0.0.101"})
        error = self.refused(
            "ResourceInUse",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            PrivateIpAddresses=named("10.0.0.100", "10.0.0.101"),
        )
        self.assertRegex(error.get_request_id(), r"^[0-9a-f-]{36}$")
        self.assertEqual(["10.0.0.101"], self.used("10.0.0.100", "10.0.0.101"))
        self.assertEqual([], self.secondary(eni))
        holders = self.call(
            "DescribeUsedIpAddress", VpcId=VPC, IpAddresses=["10.0.0.100", "10.0.0.101"]
        ).IpAddressStates
        self.assertEqual(
            [("10.0.0.101", "lb-1")], [(h.IpAddress, h.ResourceId) for h in holders]
        )


class LifeOfAReservedAddress(Proof):
    def reserve(self, ip="10.0.0.40", cluster="cls-1"):
        answer = self.call(
            "CreateReserveIpAddresses",
            VpcId=VPC,
            SubnetId=SUBNET,
            IpAddresses=[ip],
            Name="proof",
            Tags=[{"Key": "cluster", "Value": cluster}],
        )
        return answer.ReserveIpAddressSet[0]

    def delete(self, *ids):
        self.call("DeleteReserveIpAddresses", VpcId=VPC, ReserveIpIds=list(ids))

    def found(self, **filters):
        answer = self.call("DescribeReserveIpAddresses", Filters=filters_of(filters))
        self.assertEqual(answer.TotalCount, len(answer.ReserveIpAddressSet))
        return answer.ReserveIpAddressSet

    def test_made_found_and_deleted(self):
        one, other = self.reserve(), self.reserve("10.0.0.41", "cls-2")
        self.addCleanup(self.delete, other.ReserveIpId)
        self.assertRegex(one.ReserveIpId, r"^rsvip-[0-9a-z]{8}$")
        self.assertEqual(
            ("10.0.0.40", "UnBind", SUBNET), (one.ReserveIpAddress, one.State, one.SubnetId)
        )
        for filters in (
            {"address_ip": "10.0.0.40"},
            {"reserve_address_ip": "10.0.0.40"},
            {"reserve_ip_id": one.ReserveIpId},
            {"tag:cluster": "cls-1"},
        ):
            self.assertEqual([one.ReserveIpId], [r.ReserveIpId for r in self.found(**filters)])
        self.assertEqual(2, len(self.found(tag_key="cluster", state="UnBind", ip_type="0")))
        self.assertEqual(["10.0.0.40"], self.used("10.0.0.40"))
        self.refused(
            "ResourceInUse",
            "CreateReserveIpAddresses",
            VpcId=VPC,
            SubnetId=SUBNET,
            IpAddresses=["10.0.0.40"],
        )
        self.delete(one.ReserveIpId)
        self.assertEqual([], self.used("10.0.0.40"))
        self.refused(
            "ResourceNotFound",
            "DeleteReserveIpAddresses",
            VpcId=VPC,
            ReserveIpIds=[one.ReserveIpId],
        )

    def test_assigned_by_name_where_that_takes_it(self):
        settings(assignTakesReserved=True)
        eni, reserved = self.create_attached(), self.reserve()
        self.assign(eni, "10.0.0.40")
        bound = self.found(reserve_ip_id=reserved.ReserveIpId)[0]
        self.assertEqual(("Bind", eni), (bound.State, bound.ResourceId))
        self.refused(
            "ResourceInUse",
            "DeleteReserveIpAddresses",
            VpcId=VPC,
            ReserveIpIds=[reserved.ReserveIpId],
        )
        self.unassign(eni, "10.0.0.40")
        self.assertEqual("UnBind", self.found(reserve_ip_id=reserved.ReserveIpId)[0].State)
        self.delete(reserved.ReserveIpId)

    def test_assigned_after_its_deletion_where_that_is_refused(self):
        settings(assignTakesReserved=False)
        self.addCleanup(settings, assignTakesReserved=True)
        eni, reserved = self.create_attached(), self.reserve()
        self.refused(
            "ResourceInUse",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            PrivateIpAddresses=named("10.0.0.40"),
        )
        self.delete(reserved.ReserveIpId)
        self.assign(eni, "10.0.0.40")
        self.assertEqual(["10.0.0.40"], self.secondary(eni))

    def test_by_count_with_a_token_and_within_the_quota(self):
        parameters = {
            "VpcId": VPC,
            "SubnetId": SUBNET,
            "IpAddressCount": 2,
            "ClientToken": next(tokens),
        }
        first = self.call("CreateReserveIpAddresses", **parameters).ReserveIpAddressSet
        again = self.call("CreateReserveIpAddresses", **parameters).ReserveIpAddressSet
        ids = [r.ReserveIpId for r in first]
        self.addCleanup(self.delete, *ids)
        self.assertEqual(2, len(set(ids)))
        self.assertEqual(ids, [r.ReserveIpId for r in again])
        settings(reservedAddressQuota=2)
        self.addCleanup(settings, reservedAddressQuota=1000)
        self.refused(
            "LimitExceeded",
            "CreateReserveIpAddresses",
            VpcId=VPC,
            SubnetId=SUBNET,
            IpAddressCount=1,
        )


class WhatThereIs(Proof):
    def test_vpc_and_subnets(self):
        self.assertEqual("10.0.0.0/16", self.call("DescribeVpcs", VpcIds=[VPC]).VpcSet[0].CidrBlock)
        in_zone = self.call(
            "DescribeSubnets", Filters=filters_of({"vpc_id": VPC, "zone": ZONE_3}), Limit="1"
        )
        self.assertEqual((2, 1), (in_zone.TotalCount, len(in_zone.SubnetSet)))
        self.assertEqual(253, in_zone.SubnetSet[0].TotalIpAddressCount)

    def test_machines(self):
        cvm = cvm_client.CvmClient(Credential(SECRET_ID, SECRET_KEY), REGION, profile())
        request = cvm_models.DescribeInstancesRequest()
        request.InstanceIds = [NODE_1]
        found = cvm.DescribeInstances(request).InstanceSet
        self.assertEqual([NODE_1], [i.InstanceId for i in found])
        self.assertEqual(ZONE_3, found[0].Placement.Zone)
        self.assertEqual((4, "RUNNING"), (found[0].CPU, found[0].InstanceState))
        self.assertEqual(VPC, found[0].VirtualPrivateCloud.VpcId)
        request.InstanceIds = ["node-1"]
        with self.assertRaises(TencentCloudSDKException) as caught:
            cvm.DescribeInstances(request)
        self.assertEqual("InvalidInstanceId.Malformed", caught.exception.get_code())

    def test_limits(self):
        limits = self.call(
            "DescribeVpcLimits", LimitTypes=["vpc-max-enis", "eni-max-private-ips"]
        ).VpcLimitSet
        self.assertEqual(
            {"vpc-max-enis": 1000, "eni-max-private-ips": 30},
            {limit.LimitType: limit.LimitValue for limit in limits},
        )
        machine = self.call("DescribeNetworkInterfaceLimit", InstanceId=NODE_1)
        self.assertEqual((4, 10), (machine.EniQuantity, machine.EniPrivateIpAddressQuantity))
        self.refused("InvalidParameterValue", "DescribeVpcLimits", LimitTypes=["vpc-max-cats"])
        self.refused(
            "InvalidInstanceId.NotFound", "DescribeNetworkInterfaceLimit", InstanceId="ins-nothere"
        )


class WhoMayAsk(Proof):
    """The look at the subnets stands for any call: who asks is checked before what is asked."""

    def test_a_key_that_nobody_knows(self):
        self.refused("AuthFailure.SecretIdNotFound", "DescribeSubnets", client("AKIDnobody"))

    def test_a_secret_that_is_wrong(self):
        self.refused(
            "AuthFailure.SignatureFailure", "DescribeSubnets", client(secret_key="not the secret")
        )

    def test_a_clock_that_is_wrong_either_way(self):
        for skew in (-310, 310):
            with self.clock_off_by(skew):
                self.refused("AuthFailure.SignatureExpire", "DescribeSubnets")
        for skew in (-280, 280):
            with self.clock_off_by(skew):
                self.call("DescribeSubnets")

    @staticmethod
    def clock_off_by(seconds):
        real = time.time
        return mock.patch.object(abstract_client.time, "time", lambda: real() + seconds)

    def test_a_token_that_is_wrong_or_has_expired(self):
        key = {"secretId": "AKIDtemporary", "secretKey": "temporary", "token": "the-token"}
        control("POST", "keys", key)
        self.addCleanup(control, "DELETE", "keys", key)
        temporary = client(key["secretId"], key["secretKey"], key["token"])
        self.call("DescribeSubnets", temporary)
        for token in ("another-token", None):
            self.refused(
                "AuthFailure.TokenFailure",
                "DescribeSubnets",
                client(key["secretId"], key["secretKey"], token),
            )
        control("POST", "keys/expire", key)
        self.refused("AuthFailure.TokenFailure", "DescribeSubnets", temporary)

    def test_another_region(self):
        self.refused("UnsupportedRegion", "DescribeSubnets", client(region="ap-nowhere"))
        fault(kind="wrongRegion")
        self.refused("UnsupportedRegion", "DescribeSubnets")

    def test_an_action_that_is_not_there(self):
        self.refused("InvalidAction", "DescribeSecurityGroups")

    def test_headers_in_any_case_and_order_and_more_of_them_signed(self):
        for lowered in (False, True):
            answer = self.raw(
                [
                    ("x-tc-region", REGION),
                    ("X-Tc-Action", "DescribeVpcs"),
                    ("x-TC-version", "2017-03-12"),
                    ("HOST", ENDPOINT),
                    ("CONTENT-TYPE", "Application/JSON; charset=utf-8"),
                ],
                ["content-type", "host", "x-tc-action"],
                lowered,
            )
            self.assertEqual(VPC, answer["Response"]["VpcSet"][0]["VpcId"])

    def test_a_header_that_was_changed_after_signing(self):
        answer = self.raw(
            [
                ("X-TC-Action", "DescribeVpcs"),
                ("X-TC-Version", "2017-03-12"),
                ("X-TC-Region", REGION),
                ("Host", ENDPOINT),
                ("Content-Type", "application/json"),
            ],
            ["content-type", "host", "x-tc-action"],
            True,
            {"X-TC-Action": "DescribeSubnets"},
        )
        self.assertEqual("AuthFailure.SignatureFailure", answer["Response"]["Error"]["Code"])

    @staticmethod
    def raw(headers, signed, lowered, changed=None):
        """A request signed by hand, after the documents, whose headers go out as they are given."""
        body = "{}"
        now = int(time.time())
        date = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%d")
        values = {name.lower(): value for name, value in headers}
        canonical = "".join(
            f"{name}:{values[name].lower() if lowered else values[name]}\n" for name in signed
        )
        request = "\n".join(
            ["POST", "/", "", canonical, ";".join(signed), hashlib.sha256(body.encode()).hexdigest()]
        )
        scope = f"{date}/vpc/tc3_request"
        to_sign = "\n".join(
            ["TC3-HMAC-SHA256", str(now), scope, hashlib.sha256(request.encode()).hexdigest()]
        )
        key = f"TC3{SECRET_KEY}".encode()
        for part in (date, "vpc", "tc3_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
        connection = http.client.HTTPConnection(ENDPOINT, timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            connection.putrequest("POST", "/", skip_host=True, skip_accept_encoding=True)
            connection.putheader(
                "authorization",
                f"TC3-HMAC-SHA256 Credential={SECRET_ID}/{scope}, "
                f"SignedHeaders={';'.join(signed)}, Signature={signature}",
            )
            connection.putheader("x-tc-timestamp", str(now))
            connection.putheader("Content-Length", str(len(body)))
            for name, value in headers:
                connection.putheader(name, (changed or {}).get(name, value))
            connection.endheaders(body.encode())
            return json.loads(connection.getresponse().read())


class WhatIsRefused(Proof):
    def test_an_address_in_use(self):
        first, second = self.create_attached(), self.create_attached(node=NODE_2)
        self.assign(first, "10.0.0.100")
        self.refused(
            "ResourceInUse",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=second,
            PrivateIpAddresses=named("10.0.0.100"),
        )
        self.refused(
            "ResourceInUse",
            "CreateNetworkInterface",
            VpcId=VPC,
            SubnetId=SUBNET,
            NetworkInterfaceName="proof",
            PrivateIpAddresses=named("10.0.0.100", primary=True),
        )

    def test_a_full_subnet(self):
        subnet = {"id": "subnet-tiny", "name": "tiny", "cidr": "10.0.9.0/29", "zone": ZONE_3}
        control("POST", "subnets", subnet)
        self.addCleanup(control, "DELETE", "subnets", {"id": "subnet-tiny"})
        eni = self.create("subnet-tiny")
        self.await_task(
            self.call(
                "AssignPrivateIpAddresses", NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=4
            )
        )
        self.refused(
            "ResourceInsufficient.Subnet",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            SecondaryPrivateIpAddressCount=1,
        )
        self.refused(
            "ResourceInsufficient.Subnet",
            "CreateNetworkInterface",
            VpcId=VPC,
            SubnetId="subnet-tiny",
            NetworkInterfaceName="proof",
        )

    def test_more_enis_than_the_vpc_or_a_machine_may_have(self):
        settings(enisPerVpc=4)
        self.addCleanup(settings, enisPerVpc=1000)
        for _ in range(3):
            self.create_attached()
        fourth = self.create()
        self.refused(
            "LimitExceeded",
            "AttachNetworkInterface",
            NetworkInterfaceId=fourth,
            InstanceId=NODE_1,
        )
        self.refused(
            "LimitExceeded.NetworkInterfaceLimitExceeded",
            "CreateNetworkInterface",
            VpcId=VPC,
            SubnetId=SUBNET,
            NetworkInterfaceName="proof",
        )

    def test_more_addresses_than_an_eni_may_have(self):
        eni = self.create_attached()
        self.await_task(
            self.call(
                "AssignPrivateIpAddresses", NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=9
            )
        )
        self.refused(
            "LimitExceeded",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            SecondaryPrivateIpAddressCount=1,
        )

    def test_a_second_operation_while_one_runs(self):
        eni = self.create_attached()
        fault(action="AssignPrivateIpAddresses", kind="taskHangs")
        running = self.begin_assign(eni, "10.0.0.100")
        self.assertEqual(
            "RUNNING", self.call("DescribeVpcTaskResult", TaskId=running.RequestId).Status
        )
        self.refused(
            "UnsupportedOperation.MutexOperationTaskRunning",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            PrivateIpAddresses=named("10.0.0.101"),
        )
        self.refused(
            "UnsupportedOperation.InvalidState",
            "DetachNetworkInterface",
            NetworkInterfaceId=eni,
            InstanceId=NODE_1,
        )
        control("POST", "tasks/release")
        self.await_task(running)

    def test_parameters_that_are_wrong(self):
        eni = self.create_attached()
        for code, ips in (
            ("InvalidParameterValue.Malformed", ["10.0.0.999"]),
            ("InvalidParameterValue.Range", ["10.0.2.100"]),
            ("InvalidParameterValue.Reserved", ["10.0.0.1"]),
            ("InvalidParameterValue.DuplicatePara", ["10.0.0.100", "10.0.0.100"]),
            ("MissingParameter", []),
        ):
            self.refused(
                code,
                "AssignPrivateIpAddresses",
                NetworkInterfaceId=eni,
                PrivateIpAddresses=named(*ips),
            )
        self.refused(
            "InvalidParameterValue.TooLong",
            "CreateNetworkInterface",
            VpcId=VPC,
            SubnetId=SUBNET,
            NetworkInterfaceName="n" * 61,
        )
        self.refused("InvalidParameter", "DescribeSubnets", Limit=20)

    def test_what_is_not_there(self):
        self.refused("ResourceNotFound", "DescribeSubnets", SubnetIds=["subnet-nothere"])
        self.refused(
            "ResourceNotFound",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId="eni-nothere",
            PrivateIpAddresses=named("10.0.0.100"),
        )
        self.assertIsNone(self.look("eni-nothere"))

    def test_another_zone(self):
        eni = self.create()
        self.refused(
            "UnsupportedOperation.ZoneMismatch",
            "AttachNetworkInterface",
            NetworkInterfaceId=eni,
            InstanceId=NODE_ZONE_4,
        )


class WhatGoesWrong(Proof):
    def test_too_many_requests(self):
        settings(rateLimits={"DescribeSubnets": 0})
        self.addCleanup(settings, rateLimits=False)
        error = self.refused("RequestLimitExceeded", "DescribeSubnets")
        self.assertIsNotNone(error.get_request_id())
        self.call("DescribeVpcs")
        settings(rateLimits=False)
        fault(action="DescribeSubnets", kind="throttled", times=2)
        for _ in range(2):
            self.refused("RequestLimitExceeded", "DescribeSubnets")
        self.call("DescribeSubnets")

    def test_an_error_of_a_gateway(self):
        fault(action="DescribeSubnets", kind="http", status=503)
        # What the SDK makes of any status but 200.
        self.refused("ServerNetworkError", "DescribeSubnets")
        self.call("DescribeSubnets")

    def test_a_cut_before_the_effect(self):
        eni = self.create_attached()
        fault(action="AssignPrivateIpAddresses", kind="cut")
        self.refused(
            "ClientNetworkError",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            PrivateIpAddresses=named("10.0.0.100"),
        )
        self.assertEqual([], self.secondary(eni))

    def test_a_cut_after_the_effect(self):
        eni = self.create_attached()
        fault(action="AssignPrivateIpAddresses", kind="cut", after=True)
        self.refused(
            "ClientNetworkError",
            "AssignPrivateIpAddresses",
            NetworkInterfaceId=eni,
            PrivateIpAddresses=named("10.0.0.100"),
        )
        self.await_idle()
        self.assertEqual(["10.0.0.100"], self.secondary(eni))

    def test_looks_that_are_behind(self):
        eni = self.create_attached()
        settings(readsFrozenMillis=60_000)
        self.assign(eni, "10.0.0.100")
        self.assertEqual([], self.secondary(eni))
        settings(readsFrozenMillis=0)
        self.assertEqual(["10.0.0.100"], self.secondary(eni))

    def test_a_denied_action(self):
        fault(action="DescribeVpcLimits", kind="error", code="UnauthorizedOperation")
        self.refused("UnauthorizedOperation", "DescribeVpcLimits", LimitTypes=["vpc-max-enis"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
