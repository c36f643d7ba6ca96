"""Reads the schema of Terraform's AWS provider out of the npm package `@cdktf/provider-aws`, whose
classes were generated from it, adds what `newer.json` says, and writes it as the stand-in serves it.

    python schema.py PACKAGE.tgz FOLDER

FOLDER holds the modules made of the .proto files; the schema is written there.

What the generated classes no longer say, the schema does not know either: the values that an
attribute may have, which attributes exclude each other, and whether an optional attribute that is
left out gets a value from AWS; every such attribute counts as if it did.
"""

import json
import pathlib
import re
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent

SCALARS = {"string": "string", "number": "number", "boolean": "bool", "any": "string"}
COLLECTIONS = {
    "stringList": "string",
    "numberList": "number",
    "stringMap": "string",
    "numberMap": "number",
    "booleanMap": "bool",
    "stringListList": ["list", "string"],
    "stringMapList": ["map", "string"],
    "stringMapMap": ["map", "string"],
}
GETTERS = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
}
NESTING = {"struct": "single", "list": "list", "set": "set", "map": "map"}

# The generated code is regular to the space, which is why patterns suffice.
CLASS = re.compile(r"^class (\w+) extends cdktf\.\w+ \{\n(.*?)^\}", re.S | re.M)
PRINTER = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}", re.S | re.M)
SYNTHESIS = re.compile(r"synthesizeHclAttributes\(\) \{\n(.*?)^    \}", re.S | re.M)
ENTRY = re.compile(
    r'(\w+): \{\s+value: (.+),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)"'
)
MEMBER = re.compile(r"(?:this\._|struct\.|struct!?\.)(\w+)")
GETTER = re.compile(r"(tolist\()?this\.get(\w+?)Attribute\('(\w+)'\)")
MAP = re.compile(r"new cdktf\.(\w+)\(this, \"(\w+)\"\)")
NESTED = re.compile(r"new (\w+?)(List|Map|OutputReference)\(this, \"(\w+)\"(?:, (true|false))?\)")
INTERFACE = re.compile(r"^export interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\}", re.S | re.M)
PROPERTY = re.compile(r"^    readonly (\w+)(\??):", re.M)


class Source:
    """The classes of one resource, data source or provider configuration."""

    def __init__(self, script, types):
        self.classes = dict(CLASS.findall(script))
        self.printers = {lower_first(name): body for name, body in PRINTER.findall(script)}
        self.optional = {
            name: {member: mark == "?" for member, mark in PROPERTY.findall(body)}
            for name, body in INTERFACE.findall(types)
        }

    def root(self):
        """The name of the class that stands for the whole, and its block."""
        for name, body in self.classes.items():
            synthesis = SYNTHESIS.search(body)
            if synthesis:
                return self.block(synthesis.group(1), name + "Config", body)
        raise ValueError("no class has attributes")

    def block(self, entries, interface, body):
        """The block whose settable members are `entries`; all others of the class are computed."""
        block = {"attributes": {}, "blocks": {}}
        optional = self.optional.get(interface, {})
        for name, value, _, kind, storage in ENTRY.findall(entries):
            member = MEMBER.search(value)
            self.add(block, name, value, kind, storage, optional.get(member.group(1), True))
        self.add_computed(block, body)
        return block

    def add(self, block, name, value, kind, storage, optional):
        if storage in SCALARS:
            block["attributes"][name] = attribute(SCALARS[storage], optional)
        elif storage in COLLECTIONS:
            block["attributes"][name] = attribute([kind, COLLECTIONS[storage]], optional)
        else:
            struct = re.sub(r"(List|Map)$", "", storage)
            many = "listMapperHcl" in value
            if many and re.search(r"listMapperHcl\([\w.]+, false\)", value):
                block["attributes"][name] = attribute([kind, self.object(struct)], optional)
            else:
                # A struct's name is also that of the interface that says what must be given.
                counted = kind in ("list", "set")
                block["blocks"][name] = {
                    "nesting": NESTING[kind],
                    "min": 1 if counted and not optional else 0,
                    "max": 1 if counted and not many else 0,
                    "block": self.struct(struct),
                }

    def struct(self, name):
        body = self.classes.get(name + "OutputReference", "")
        return self.block(self.printers.get(lower_first(name), ""), name, body)

    def object(self, name):
        """The type of an object whose members are those of a struct."""
        block = self.struct(name)
        members = {name: part["type"] for name, part in block["attributes"].items()}
        return ["object", members]

    def add_computed(self, block, body):
        known = block["attributes"].keys() | block["blocks"].keys()
        for from_set, getter, name in GETTER.findall(body):
            if name not in known and getter in GETTERS:
                type_ = GETTERS[getter]
                block["attributes"][name] = computed(["set", type_[1]] if from_set else type_)
        for map_, name in MAP.findall(body):
            if name not in known and map_ in GETTERS:
                block["attributes"][name] = computed(GETTERS[map_])
        for struct, shape, name, is_set in NESTED.findall(body):
            if name not in known:
                kind = "map" if shape == "Map" else "set" if is_set == "true" else "list"
                block["attributes"][name] = computed([kind, self.object(struct)])


def lower_first(name):
    return name[:1].lower() + name[1:]


def attribute(type_, optional):
    return {"type": type_, "required": not optional, "optional": optional, "computed": optional}


def computed(type_):
    return {"type": type_, "required": False, "optional": False, "computed": True}


def texts(package):
    """The scripts and the type declarations of each folder, joined."""
    found = {}
    with tarfile.open(package) as archive:
        for member in archive:
            path = pathlib.PurePosixPath(member.name)
            kind = 1 if path.name.endswith(".d.ts") else 0 if path.suffix == ".js" else None
            if path.parts[:2] == ("package", "lib") and len(path.parts) == 4 and kind is not None:
                text = archive.extractfile(member).read().decode()
                found.setdefault(path.parts[2], ["", ""])[kind] += text
    return found


def read(package):
    """The whole schema."""
    found = {"resources": {}, "data_sources": {}}
    for folder, (script, types) in sorted(texts(package).items()):
        type_ = re.search(r'tfResourceType = "(\w+)"', script)
        if folder == "provider":
            found["provider"] = Source(script, types).root()
        elif type_:
            kind = "data_sources" if folder.startswith("data-aws-") else "resources"
            found[kind][type_.group(1)] = Source(script, types).root()
    return found


def add_newer(schema, newer):
    for entry in newer:
        block = schema["resources"][entry["resource"]]
        for name in entry["blocks"]:
            block = block["blocks"][name]["block"]
        if entry["attribute"] in block["attributes"]:
            raise ValueError(f"`{entry['attribute']}` of newer.json is in the package")
        added = attribute(entry["type"], True)
        block["attributes"][entry["attribute"]] = added
        if "values" in entry:
            added["values"] = entry["values"]


def served(schema):
    """The answer to GetSchema, in bytes."""
    import plugin_pb2 as plugin

    nestings = {"single": 1, "list": 2, "set": 3, "map": 4}

    def to_block(block, out):
        # Terraform does not bear a block that is absent because it is empty.
        out.SetInParent()
        for name, part in sorted(block["attributes"].items()):
            flags = {flag: part[flag] for flag in ("required", "optional", "computed")}
            out.attributes.add(name=name, type=json.dumps(part["type"]).encode(), **flags)
        for name, part in sorted(block["blocks"].items()):
            nesting = nestings[part["nesting"]]
            nested = out.blocks.add(
                name=name, nesting=nesting, min_items=part["min"], max_items=part["max"]
            )
            to_block(part["block"], nested.block)

    answer = plugin.Schemas()
    to_block(schema["provider"], answer.provider.block)
    for kind in ("resources", "data_sources"):
        for type_, block in schema[kind].items():
            to_block(block, getattr(answer, kind)[type_].block)
    return answer.SerializeToString()


def main(package, folder):
    sys.path.insert(0, str(folder))
    schema = read(package)
    add_newer(schema, json.loads((HERE / "newer.json").read_text()))
    (folder / "schema.json").write_text(json.dumps(schema["resources"]))
    (folder / "schema.bin").write_bytes(served(schema))
    print(f"{len(schema['resources'])} resources, {len(schema['data_sources'])} data sources")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
