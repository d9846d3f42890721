// Arrow import against a hostile producer (hostile_arrow.h). What is accepted can be read to its
// end, exported, imported again, scored and ranked.
#include "patron/rank.h"
#include "patron/rfm.h"
#include "patron/table.h"
#include "tests/fuzz/hostile_arrow.h"

namespace {

void use(const patron::Table& table) {
  ArrowArrayStream stream{};
  bool readable = true;
  for (int c = 0; c < table.columns(); c++) {
    readable = readable && table.field(c).type.type != patron::Type::kUnsupported;
    for (const patron::Chunk& chunk : table.chunks(c)) {
      int64_t nulls = 0;
      for (int64_t i = 0; i < chunk.length; i++) nulls += !chunk.valid(i);
      FUZZ_CHECK(nulls == chunk.null_count || table.field(c).type.type == patron::Type::kNull ||
                 !readable);
    }
  }
  if (table.export_stream(&stream).ok()) {
    const auto again = patron::Table::import(&stream);
    FUZZ_CHECK(again.ok());
    FUZZ_CHECK(again->rows() == table.rows() || table.columns() == 0);
  }
  patron::RfmOptions options;
  options.customer = "a";
  options.time = "b";
  options.amount = "c";
  const auto scored = patron::rfm(table, options);
  if (scored.ok()) FUZZ_CHECK(scored->rows == table.rows());
  patron::RankOptions shares;
  shares.shares = {0.8, 0.95};
  const auto ranked = patron::rank(table, "a", shares);
  if (ranked.ok()) FUZZ_CHECK(ranked->table.rows() == table.rows());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 4096) return 0;
  Choices choices(data, size);
  ArrowArray array;
  ArrowSchema schema;
  patron::fuzz::make_batch(&array, &schema, &choices);
  const auto table = patron::Table::import(&array, &schema);
  FUZZ_CHECK(array.release == nullptr && schema.release == nullptr);
  if (table.ok()) use(*table);
  return 0;
}
