"""tests/abi/generate_calls.py says what to add for a function it cannot call."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/abi"))

import generate_calls
from generator import model

ERROR = model.variable("patron_error* error")
BY_HAND = "describe(const World& world, const patron_box* box)"


def api(*params, name="patron_box_find", thread="shared"):
    variables = [model.variable(param) for param in params]
    function = model.Function(name, "patron_status", [*variables, ERROR], ["x"], thread, [], "constant",
                              "0.1", frozenset())
    error = model.Struct("patron_error", "out", [], [model.variable("uint32_t struct_size"),
                                                     model.variable("int32_t code")])
    box = model.Named("handle", "patron_box", ["A box."])
    return model.Api(0, 1, [error, box, function])


class Calls(unittest.TestCase):
    def render(self, description, values=None, world="Box box;"):
        return generate_calls.render(description, values or {}, world, BY_HAND)

    def missing(self, says, description, values=None, world="Box box;"):
        with self.assertRaisesRegex(generate_calls.Missing, says):
            self.render(description, values, world)

    def test_what_follows_from_the_description_needs_no_word(self):
        text = self.render(api("const patron_box* box", "int32_t* place"))
        self.assertIn("patron_box_find(a.handle<patron_box>(0, world.box.get()), a.pointer(1, place_), error)", text)
        self.assertIn('{"box", Role::kHandle, true, false, "patron_box"}', text)

    def test_a_value_that_does_not_is_asked_for(self):
        description = api("const patron_box* box", "const char* name", "uint64_t name_size")
        self.missing("patron_box_find has no value for `name`: add", description)
        self.assertIn('std::string name_text = "x";', self.render(description, {"patron_box_find": {"name": "x"}}))
        self.missing("no value for `bins`", api("int32_t bins"))

    def test_a_value_that_nobody_takes_is_found(self):
        self.missing("bins is no parameter", api("const patron_box* box"), {"patron_box_find": {"bins": 5}})
        self.missing("patron_box_lose is no function", api("const patron_box* box"), {"patron_box_lose": {}})

    def test_a_handle_that_the_world_has_not_is_asked_for(self):
        self.missing("World has no member `box` for the handle patron_box", api("const patron_box* box"), world="")

    def test_numbers_that_are_written_beside_an_array_need_their_count(self):
        description = api("const double* given", "uint64_t count", "double* weights")
        self.missing("no value for `weights`", description, {"patron_box_find": {"given": [1, 2]}})
        text = self.render(description, {"patron_box_find": {"given": [1, 2], "weights": 2}})
        self.assertIn("WrittenNumbers<double, 2> weights_numbers;", text)


if __name__ == "__main__":
    unittest.main()
