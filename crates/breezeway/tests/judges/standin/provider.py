"""A stand-in for Terraform's AWS provider: knows the schema that `schema.py` read, and nothing of
AWS. Terraform starts it and speaks plugin protocol 5 with it.

    python provider.py FOLDER     (what was made of the .proto files, and the schema)

It judges types and names of attributes and blocks, what must be given, how often a block may
stand; of values only those of attributes in `newer.json`. It plans: what is left to AWS is
unknown. It applies nothing and reads nothing.

With BREEZEWAY_STANDIN_ANSWERS in the environment it plans as if AWS had answered already: what only
AWS can say is a text of its own, `((7.arn))` for the `arn` of the seventh resource, or a number of
its own; what AWS might say is absent. A plan shows then which value goes where, also inside texts
and sets.
"""

import itertools
import json
import os
import pathlib
import sys
import threading
from concurrent import futures

FOLDER = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(FOLDER))

import grpc
import msgpack
import plugin_pb2 as plugin
import plugin_pb2_grpc as plugin_grpc
import shutdown_pb2 as shutdown
import shutdown_pb2_grpc as shutdown_grpc

N_THREADS = 4  # Terraform plans ten resources at once, and each answer takes a millisecond.
UNLIMITED = -1  # The schema is larger than gRPC's default limit of 4 MiB.
ERROR = 1
ANSWERS = "BREEZEWAY_STANDIN_ANSWERS" in os.environ
N_ANSWERED = 8  # Entries of a list that is AWS's, such as the DNS names of an endpoint.
FIRST_NUMBER = 9 * 10**14  # No number that people write is as large, and it is exact in JSON.
N_NUMBERS = 100  # Numbers that AWS gives one resource at most.
RESOURCE_NUMBERS = itertools.count(1)
UNKNOWN = msgpack.ExtType(0, b"\0")
NO_AWS = "the stand-in for the AWS provider reads nothing and applies nothing"

RESOURCES = json.loads((FOLDER / "schema.json").read_text())


def decoded(value):
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, strict_map_key=False)
    return json.loads(value.json or "null")


def encoded(value):
    return plugin.Value(msgpack=msgpack.packb(value))


def nested(value, name, part):
    """The objects that a nested block stands for."""
    found = value.get(name)
    if isinstance(found, list):
        return [one for one in found if isinstance(one, dict)]
    if isinstance(found, dict):
        return [found] if part["nesting"] == "single" else list(found.values())
    return []


def leave_to_aws(value, block):
    """Makes unknown what is not given and may come from AWS."""
    for name, part in block["attributes"].items():
        if part["computed"] and value.get(name) is None:
            value[name] = UNKNOWN
    for name, part in block["blocks"].items():
        for one in nested(value, name, part):
            leave_to_aws(one, part["block"])


def answer(type_, path, number):
    """A value of a type that no other value is like; none where there is no such."""
    if type_ == "string":
        return f"(({path}))"
    if type_ == "number":
        return number
    if type_[0] == "list":
        return [answer(type_[1], f"{path}.{n}", number) for n in range(N_ANSWERED)]
    if type_[0] == "object":
        return {name: answer(part, f"{path}.{name}", number) for name, part in type_[1].items()}
    return None


def answer_for_aws(value, block):
    """Gives what is not given and comes from AWS alone."""
    resource = next(RESOURCE_NUMBERS)
    for position, (name, part) in enumerate(sorted(block["attributes"].items())):
        # The schema calls the oldest kind of id optional.
        is_only_aws = part["computed"] and (name == "id" or not part["optional"])
        if is_only_aws and value.get(name) is None:
            number = FIRST_NUMBER + resource * N_NUMBERS + position
            value[name] = answer(part["type"], f"{resource}.{name}", number)


def unfit_values(value, block):
    """Sentences about values that an attribute cannot have."""
    for name, part in block["attributes"].items():
        given = value.get(name)
        if "values" in part and isinstance(given, str) and given not in part["values"]:
            yield f"`{name}` is one of {', '.join(part['values'])}, not {given!r}"
    for name, part in block["blocks"].items():
        for one in nested(value, name, part):
            yield from unfit_values(one, part["block"])


def error(summary):
    return plugin.Diagnostic(severity=ERROR, summary=summary)


class Provider(plugin_grpc.ProviderServicer):
    def GetSchema(self, request, context):
        return plugin.Schemas.FromString((FOLDER / "schema.bin").read_bytes())

    def PrepareProviderConfig(self, request, context):
        return plugin.Prepared(config=request.config)

    def Configure(self, request, context):
        return plugin.Judged()

    def ValidateResourceTypeConfig(self, request, context):
        faults = unfit_values(decoded(request.config), RESOURCES[request.type])
        return plugin.Judged(diagnostics=[error(fault) for fault in faults])

    def ValidateDataSourceConfig(self, request, context):
        return plugin.Judged()

    def UpgradeResourceState(self, request, context):
        return plugin.UpgradedState(state=plugin.Value(json=request.state.json))

    def ReadResource(self, request, context):
        return plugin.NewState(state=request.state)

    def PlanResourceChange(self, request, context):
        planned = decoded(request.proposed)
        if planned is not None:
            fill = answer_for_aws if ANSWERS else leave_to_aws
            fill(planned, RESOURCES[request.type])
        # Unknown values in the elements of a set are what this flag makes Terraform bear.
        return plugin.Plan(planned=encoded(planned), legacy_type_system=True)

    def ApplyResourceChange(self, request, context):
        return plugin.NewState(diagnostics=[error(NO_AWS)])

    def ReadDataSource(self, request, context):
        return plugin.NewState(diagnostics=[error(NO_AWS)])

    def Stop(self, request, context):
        return plugin.Nothing()


class Controller(shutdown_grpc.GRPCControllerServicer):
    def Shutdown(self, request, context):
        # The answer must leave before the process does.
        threading.Timer(0.05, os._exit, [0]).start()
        return shutdown.Empty()


def main():
    limits = ("grpc.max_send_message_length", "grpc.max_receive_message_length")
    options = [(limit, UNLIMITED) for limit in limits]
    server = grpc.server(futures.ThreadPoolExecutor(N_THREADS), options=options)
    plugin_grpc.add_ProviderServicer_to_server(Provider(), server)
    shutdown_grpc.add_GRPCControllerServicer_to_server(Controller(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # Version of the handshake, version of the protocol, where.
    print(f"1|5|tcp|127.0.0.1:{port}|grpc", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
