// Arrow in, Arrow out: every struct that goes in is consumed, whatever happens.
#include <cstring>

#include "tests/base/arrow_producer.h"
#include "tests/capi/world.h"

namespace patron::test {
namespace {

FakeArray ids() {
  FakeArray out;
  out.format = "l";
  out.name = "id";
  out.length = 3;
  out.buffers = {std::nullopt, bytes_of<int64_t>({7, 8, 9})};
  return out;
}

FakeArray rows(const FakeArray& only) { return batch(only.length, {only}); }

TEST(ArrowImport, ReadsAStreamAndReleasesIt) {
  Counts counts;
  ArrowArrayStream stream = fake_stream({rows(ids()), rows(ids())}, counts);
  patron_table* table = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  ASSERT_EQ(patron_table_import_stream(&stream, &table, &error), PATRON_OK) << error.message;
  EXPECT_EQ(stream.release, nullptr);
  EXPECT_EQ(patron_table_rows(table), 6);
  EXPECT_EQ(patron_table_chunks(table), 2);
  EXPECT_EQ(values_of<int64_t>(table, "id"), (std::vector<int64_t>{7, 8, 9}));
  EXPECT_FALSE(counts.balanced()) << "the batches live as long as the table";
  patron_table_close(table);
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowImport, ReadsABatchAndReleasesIt) {
  Counts counts;
  ArrowArray array = producer::array(rows(ids()), counts);
  ArrowSchema schema = producer::schema(rows(ids()), counts);
  patron_table* table = nullptr;
  ASSERT_EQ(patron_table_import_array(&array, &schema, &table, nullptr), PATRON_OK);
  EXPECT_EQ(array.release, nullptr);
  EXPECT_EQ(schema.release, nullptr);
  EXPECT_EQ(patron_table_rows(table), 3);
  patron_table_close(table);
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowImport, ConsumesWhatItRefuses) {
  FakeArray wrong = ids();
  wrong.offset = -1;
  Counts counts;
  ArrowArrayStream stream = fake_stream({rows(wrong)}, counts);
  patron_table* table = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_table_import_stream(&stream, &table, &error), PATRON_E_ARROW);
  EXPECT_NE(std::strstr(error.message, "\"id\""), nullptr) << error.message;
  EXPECT_EQ(table, nullptr);
  EXPECT_EQ(stream.release, nullptr);
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowImport, ConsumesAStreamWhenTheOtherArgumentsAreWrong) {
  patron_error wrong = PATRON_ERROR_INIT;
  wrong.struct_size = 8;
  patron_table* table = nullptr;
  for (const bool bad_error : {false, true}) {
    Counts counts;
    ArrowArrayStream stream = fake_stream({rows(ids())}, counts);
    EXPECT_EQ(bad_error ? patron_table_import_stream(&stream, &table, &wrong)
                        : patron_table_import_stream(&stream, nullptr, nullptr),
              bad_error ? PATRON_E_UNSUPPORTED : PATRON_E_ARGUMENT);
    EXPECT_EQ(stream.release, nullptr);
    EXPECT_TRUE(counts.balanced());
  }
}

TEST(ArrowImport, ConsumesABatchWhenTheOtherArgumentsAreWrong) {
  patron_error wrong = PATRON_ERROR_INIT;
  wrong.struct_size = 8;
  patron_table* table = nullptr;
  for (const int which : {0, 1, 2, 3}) {
    Counts counts;
    ArrowArray array = producer::array(rows(ids()), counts);
    ArrowSchema schema = producer::schema(rows(ids()), counts);
    const patron_status status =
        patron_table_import_array(which == 0 ? nullptr : &array, which == 1 ? nullptr : &schema,
                                  which == 2 ? nullptr : &table, which == 3 ? &wrong : nullptr);
    EXPECT_EQ(status, which == 3 ? PATRON_E_UNSUPPORTED : PATRON_E_ARGUMENT) << which;
    if (which == 0) array.release(&array);
    if (which == 1) schema.release(&schema);
    EXPECT_TRUE(counts.balanced()) << which;
  }
}

TEST(ArrowImport, RefusesNullAndReleasedStructs) {
  patron_table* table = nullptr;
  EXPECT_EQ(patron_table_import_stream(nullptr, &table, nullptr), PATRON_E_ARGUMENT);
  ArrowArrayStream stream{};
  EXPECT_EQ(patron_table_import_stream(&stream, &table, nullptr), PATRON_E_STATE);
  ArrowArray array{};
  ArrowSchema schema{};
  EXPECT_EQ(patron_table_import_array(&array, &schema, &table, nullptr), PATRON_E_STATE);
}

TEST(ArrowImport, ListsAColumnThatPatronDoesNotRead) {
  FakeArray strange = ids();
  strange.format = "tiM";  // an interval of months
  strange.name = "gap";
  Counts counts;
  ArrowArrayStream stream = fake_stream({batch(3, {ids(), strange})}, counts);
  patron_table* table = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  ASSERT_EQ(patron_table_import_stream(&stream, &table, &error), PATRON_OK) << error.message;
  patron_field field = PATRON_FIELD_INIT;
  ASSERT_EQ(patron_table_field(table, 1, &field, nullptr), PATRON_OK);
  EXPECT_EQ(field.type, PATRON_TYPE_UNSUPPORTED);
  EXPECT_EQ(text(field.name), "gap");
  patron_table_close(table);
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowExport, OverwritesTheStructAndKeepsTheMemory) {
  World world;
  ArrowArrayStream stream;
  std::memset(static_cast<void*>(&stream), 0x5A, sizeof(stream));
  ASSERT_EQ(patron_table_export_stream(world.table.get(), &stream, nullptr), PATRON_OK);
  world.table.reset();
  patron_table* again = nullptr;
  ASSERT_EQ(patron_table_import_stream(&stream, &again, nullptr), PATRON_OK);
  EXPECT_EQ(values_of<double>(again, "amount"), world.orders.amount);
  patron_table_close(again);
}

TEST(ArrowExport, LeavesAReleasedStructWhenItFails) {
  ArrowArrayStream stream;
  std::memset(static_cast<void*>(&stream), 0x5A, sizeof(stream));
  EXPECT_EQ(patron_table_export_stream(nullptr, &stream, nullptr), PATRON_E_HANDLE);
  EXPECT_EQ(stream.release, nullptr);
  const World world;
  EXPECT_EQ(patron_table_export_stream(world.table.get(), nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(ArrowStruct, IsReleasedWhenItIsClosedUnconsumed) {
  Counts counts;
  void* made = nullptr;
  ASSERT_EQ(patron_arrow_create(PATRON_ARROW_STREAM, &made, nullptr), PATRON_OK);
  *static_cast<ArrowArrayStream*>(made) = fake_stream({rows(ids())}, counts);
  patron_arrow_close(PATRON_ARROW_STREAM, made);
  ASSERT_EQ(patron_arrow_create(PATRON_ARROW_ARRAY, &made, nullptr), PATRON_OK);
  *static_cast<ArrowArray*>(made) = producer::array(ids(), counts);
  patron_arrow_close(PATRON_ARROW_ARRAY, made);
  ASSERT_EQ(patron_arrow_create(PATRON_ARROW_SCHEMA, &made, nullptr), PATRON_OK);
  *static_cast<ArrowSchema*>(made) = producer::schema(ids(), counts);
  patron_arrow_close(PATRON_ARROW_SCHEMA, made);
  EXPECT_TRUE(counts.balanced());
}

TEST(ArrowStruct, HasThreeKinds) {
  void* made = nullptr;
  for (const int32_t wrong : {-1, 3}) {
    EXPECT_EQ(patron_arrow_create(wrong, &made, nullptr), PATRON_E_ARGUMENT);
    EXPECT_EQ(made, nullptr);
  }
  EXPECT_EQ(patron_arrow_create(PATRON_ARROW_STREAM, nullptr, nullptr), PATRON_E_ARGUMENT);
}

// What stands in for a PyCapsule.
struct Capsule {
  std::string name;
  void* pointer = nullptr;
};
int is_valid(void* capsule, const char* name) {
  return static_cast<Capsule*>(capsule)->name == name;
}
void* get_pointer(void* capsule, const char*) { return static_cast<Capsule*>(capsule)->pointer; }

TEST(PythonCapsule, IsDestroyedByItsName) {
  patron_python_attach(reinterpret_cast<void*>(is_valid), reinterpret_cast<void*>(get_pointer));
  Counts counts;
  Capsule stream{"arrow_array_stream", nullptr};
  Capsule schema{"arrow_schema", nullptr};
  Capsule array{"arrow_array", nullptr};
  ASSERT_EQ(patron_arrow_create(PATRON_ARROW_STREAM, &stream.pointer, nullptr), PATRON_OK);
  ASSERT_EQ(patron_arrow_create(PATRON_ARROW_SCHEMA, &schema.pointer, nullptr), PATRON_OK);
  ASSERT_EQ(patron_arrow_create(PATRON_ARROW_ARRAY, &array.pointer, nullptr), PATRON_OK);
  *static_cast<ArrowArrayStream*>(stream.pointer) = fake_stream({rows(ids())}, counts);
  *static_cast<ArrowSchema*>(schema.pointer) = producer::schema(ids(), counts);
  *static_cast<ArrowArray*>(array.pointer) = producer::array(ids(), counts);
  for (Capsule* capsule : {&stream, &schema, &array}) patron_python_capsule_destroy(capsule);
  EXPECT_TRUE(counts.balanced());
}

TEST(PythonCapsule, OfAnotherNameOrWithoutAnInterpreterIsLeftAlone) {
  patron_python_attach(reinterpret_cast<void*>(is_valid), reinterpret_cast<void*>(get_pointer));
  Capsule other{"dltensor", this};
  patron_python_capsule_destroy(&other);
  patron_python_attach(reinterpret_cast<void*>(is_valid), nullptr);
  Capsule stream{"arrow_array_stream", nullptr};
  ASSERT_EQ(patron_arrow_create(PATRON_ARROW_STREAM, &stream.pointer, nullptr), PATRON_OK);
  patron_python_capsule_destroy(&stream);
  patron_python_attach(nullptr, reinterpret_cast<void*>(get_pointer));
  patron_python_capsule_destroy(&stream);
  patron_arrow_close(PATRON_ARROW_STREAM, stream.pointer);  // still there
}

}  // namespace
}  // namespace patron::test
