// Arrow structs from strangers, and those that patron keeps for Python.
#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"
#include "tests/fuzz/hostile_arrow.h"

namespace patron::fuzz {
namespace {

void import_array(Play& play) {
  ArrowArray array;
  ArrowSchema schema;
  make_batch(&array, &schema, &play.choices);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_table_import_array, &array, &schema, &table);
  FUZZ_CHECK(array.release == nullptr && schema.release == nullptr);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void import_stream(Play& play) {
  ArrowArrayStream stream;
  make_stream(&stream, &play.choices);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_table_import_stream, &stream, &table);
  FUZZ_CHECK(stream.release == nullptr);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

/// What stands for a PyCapsule: a name and a pointer.
struct Capsule {
  std::string_view name;
  void* pointer;
};

int capsule_is_valid(void* capsule, const char* name) {
  return static_cast<const Capsule*>(capsule)->name == name ? 1 : 0;
}

void* capsule_get_pointer(void* capsule, const char* name) {
  FUZZ_CHECK(capsule_is_valid(capsule, name) == 1);
  return static_cast<const Capsule*>(capsule)->pointer;
}

/// Fills a struct of a kind, or leaves it empty.
void fill(Play& play, int32_t kind, void* arrow) {
  if (play.choices.one_in(2)) return;
  if (kind == PATRON_ARROW_STREAM) {
    make_stream(static_cast<ArrowArrayStream*>(arrow), &play.choices);
    return;
  }
  ArrowArray array;
  ArrowSchema schema;
  make_batch(&array, &schema, &play.choices);
  if (kind == PATRON_ARROW_SCHEMA) {
    *static_cast<ArrowSchema*>(arrow) = schema;
    array.release(&array);
  } else {
    *static_cast<ArrowArray*>(arrow) = array;
    schema.release(&schema);
  }
}

void own_struct(Play& play) {
  const auto kind = static_cast<int32_t>(play.choices.below(5)) - 1;
  void* arrow = nullptr;
  const bool ok = PLAY(play, patron_arrow_create, kind, &arrow);
  FUZZ_CHECK(ok == (arrow != nullptr) && (!ok || (kind >= 0 && kind <= 2)));
  if (!ok) return;
  fill(play, kind, arrow);
  if (play.choices.one_in(2)) {
    SAY(play, patron_arrow_close, kind, arrow);
    return;
  }
  static constexpr std::string_view kNames[] = {"arrow_array_stream", "arrow_schema",
                                                "arrow_array"};
  SAY(play, patron_python_attach, reinterpret_cast<void*>(&capsule_is_valid),
      reinterpret_cast<void*>(&capsule_get_pointer));
  Capsule other{"a capsule of somebody else", nullptr};
  SAY(play, patron_python_capsule_destroy, &other);
  Capsule capsule{kNames[kind], arrow};
  SAY(play, patron_python_capsule_destroy, &capsule);
}

}  // namespace

std::vector<Step> arrow_steps() {
  return {
      {"arrow array", import_array}, {"arrow stream", import_stream}, {"arrow struct", own_struct}};
}

}  // namespace patron::fuzz
