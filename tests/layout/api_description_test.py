"""The generator refuses a description that cannot be, and finds what is out of step."""

import json
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "capi"))

import generate
from generator import header, model, python, reference

TOP = {"library": "patron", "abi": {"major": 0, "minor": 1}, "sections": ["thing"]}
STATUS = {"prefix": "PATRON_", "type": "patron_status", "cpp": "Code", "values": [
    ["OK", 0, ""], ["E_ARGUMENT", 10, ""], ["E_ZONE", 22, ""]]}
ERROR = {"name": "patron_error", "use": "out", "doc": "An error.",
         "fields": [["uint32_t struct_size", ""], ["patron_status code", ""]]}


def struct(*fields, name="patron_thing"):
    return {"name": name, "use": "in", "doc": "A thing.",
            "fields": [list(field) if isinstance(field, tuple) else [field, ""]
                       for field in fields]}


def function(name="patron_thing_make", returns="patron_status",
             params=("int32_t* x", "patron_error* error"), thread="pure", **more):
    return {"name": name, "returns": returns, "params": list(params),
            "thread": thread, "doc": "Makes it.", **more}


def load_sections(top, sections):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "api.json"
        path.write_text(json.dumps(top), encoding="utf-8")
        (path.parent / "api").mkdir()
        for name, section in sections.items():
            text = json.dumps({"name": name, "doc": "A section.", **section})
            (path.parent / f"api/{name}.json").write_text(text, encoding="utf-8")
        return model.load(path)


def load(structs=(), functions=(), handles=(), **more):
    section = {"constants": [STATUS], "structs": [ERROR, *structs], "functions": list(functions),
               "handles": [{"name": name, "doc": "A handle."} for name in handles], **more}
    return load_sections(TOP, {"thing": section})


class Description(unittest.TestCase):
    def refused(self, says, **parts):
        with self.assertRaises(model.ApiError) as caught:
            load(**parts)
        self.assertIn(says, str(caught.exception))

    def test_a_struct_has_no_holes(self):
        self.refused("a hole before byte 4",
                     structs=[struct("uint32_t struct_size", "int64_t x")])
        self.refused("no multiple of 8",
                     structs=[struct("uint32_t struct_size", "int32_t x", "int32_t y")])

    def test_a_struct_starts_with_its_size_and_has_fixed_widths(self):
        self.refused("struct_size must come first", structs=[struct("int64_t x")])
        self.refused("fixed-width", structs=[struct("uint32_t struct_size", "int x")])

    def test_a_struct_grows_at_its_end(self):
        self.refused("grows at its end only", structs=[struct(
            "uint32_t struct_size", ("int32_t a", "", "", "0.2"), ("int64_t b", ""))])
        self.refused("was 12 once", structs=[struct(
            "uint32_t struct_size", "int32_t a", "int32_t b", ("int32_t c", "", "", "0.2"))])

    def test_only_pointers_may_be_null(self):
        self.refused("y is no pointer", functions=[function(optional=["y"])])

    def test_a_status_goes_with_an_error_struct(self):
        self.refused("a patron_error* comes last", functions=[function(params=["int32_t* x"])])
        self.refused("a patron_error* comes last", functions=[function(returns="int32_t")])

    def test_a_function_has_a_name_a_class_and_known_errors(self):
        self.refused("want patron_<noun>_<verb>", functions=[function(name="patron_makeThing")])
        self.refused("thread class", functions=[function(thread="safe")])
        self.refused("no such error", functions=[function(errors=["ZONES"])])
        self.refused("two things of one name", functions=[function(), function()])
        self.refused("two things of one name", functions=[function(name="patron_thing_box")],
                     handles=["patron_thing_box"])

    def test_the_sections_are_the_files_in_their_order(self):
        sections = {"rank": {}, "errors": {}}
        api = load_sections({**TOP, "sections": ["rank", "errors"]}, sections)
        self.assertEqual([item.title for item in api.items], ["rank", "errors"])
        with self.assertRaisesRegex(model.ApiError, "api/rank.json: is no section of api.json"):
            load_sections({**TOP, "sections": ["errors"]}, sections)
        with self.assertRaisesRegex(model.ApiError, "api/money.json: is not there"):
            load_sections({**TOP, "sections": ["money", "rank", "errors"]}, sections)

    def test_a_section_has_known_lists_only(self):
        self.refused("api/thing.json: function is no list", function=[function()])

    def test_errors_follow_from_the_parameters(self):
        api = load(structs=[struct("uint32_t struct_size", "int32_t x")],
                   functions=[function(params=["const patron_box* box", "const patron_thing* thing",
                                               "patron_error* error"], errors=["ZONE"])],
                   handles=["patron_box"])
        self.assertEqual(api.errors(api.functions[0]),
                         ["ZONE", "HANDLE", "STATE", "UNSUPPORTED", "ARGUMENT", "MEMORY",
                          "INTERNAL"])


class Outputs(unittest.TestCase):
    API = load(structs=[struct("uint32_t struct_size", ("int32_t bins", "how many", "5"),
                               "const double* cuts")],
               functions=[function(params=["const patron_box* box", "const char* name",
                                           "uint64_t name_size", "patron_box** out",
                                           "patron_error* error"])],
               handles=["patron_box"])

    def test_the_header_declares_and_initialises(self):
        text = header.render_header(self.API, ROOT / "include/patron/arrow.h")
        self.assertIn("{ (uint32_t)sizeof(patron_thing), 5, NULL }", text)
        self.assertIn("PATRON_API patron_status patron_thing_make(", text)
        self.assertIn("Thread class: pure.", text)

    def test_the_version_script_exports_the_functions_only(self):
        self.assertIn("global:\n    patron_thing_make;\n  local:\n    *;",
                      header.render_map(self.API))

    def test_the_layout_checks_every_offset(self):
        text = header.render_layout(self.API)
        self.assertIn("static_assert(offsetof(patron_thing, cuts) == 8);", text)
        self.assertIn("static_assert(sizeof(patron_thing) == 16);", text)
        self.assertIn("static_assert(PATRON_E_ZONE == static_cast<int32_t>(Code::kZone));", text)

    def test_python_has_a_prototype_and_a_struct(self):
        text = python.render(self.API)
        self.assertIn("[patron_box_p, ctypes.c_char_p, ctypes.c_uint64, "
                      "ctypes.POINTER(patron_box_p), ctypes.POINTER(patron_error)]", text)
        self.assertIn("value.bins = 5", text)

    def test_a_struct_keeps_the_sizes_it_had(self):
        grown = struct(("uint32_t struct_size", ""), ("int32_t a", ""), ("int64_t b", "", "", "0.2"),
                       ("int32_t c", "", "7", "0.10"), ("uint32_t reserved", "", "", "0.10"))
        api = load(structs=[grown])
        self.assertEqual(api.sizes(api.structs["patron_thing"]), [8, 16, 24])
        self.assertIn("kFirstSize<patron_thing> = 8;", header.render_layout(api))
        page = reference.render_reference(api, reference.MARK)
        self.assertIn("| 8 | `int64_t b` | since ABI 0.2 |", page)

    def test_what_may_be_null_stands_in_the_reference(self):
        api = load(functions=[function(optional=["x"])])
        page = reference.render_reference(api, reference.MARK)
        self.assertIn("- May be NULL: `x`.", page)

    def test_the_reference_replaces_what_stands_behind_its_mark(self):
        page = reference.render_reference(self.API, f"intro\n{reference.MARK}\nold")
        self.assertTrue(page.startswith("intro\n"))
        self.assertNotIn("old", page)
        self.assertIn("### `patron_thing_make`", page)

    def test_a_quotation_is_the_part_of_the_file(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "x.c").write_text("a;\n  /* [part] */\n  b;\n    c;\n  /* [/part] */\nd;\n",
                                      encoding="utf-8")
            quoted = reference.quote(root, "<!-- quote x.c#part -->\n```c\nold\n```\nafter\n")
            self.assertEqual(quoted, "<!-- quote x.c#part -->\n```c\nb;\n  c;\n```\nafter\n")
            with self.assertRaises(model.ApiError):
                reference.quote(root, "<!-- quote x.c#other -->\n")


class Check(unittest.TestCase):
    def test_the_real_files_are_in_step(self):
        api = model.load(ROOT / "capi/api.json")
        self.assertEqual(generate.findings(api), [])

    def test_a_function_without_an_example_or_a_test_is_found(self):
        found = generate.findings(load(functions=[function()]))
        self.assertTrue(any("patron_thing_make: no example" in line for line in found))
        self.assertTrue(any("patron_thing_make: no test" in line for line in found))
        self.assertTrue(any("capi/patron.map" in line for line in found))


if __name__ == "__main__":
    unittest.main()
