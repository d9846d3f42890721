#include "patron/rank.h"

#include "capi/src/options.h"

using namespace patron::capi;  // NOLINT
using patron::Result;
using patron::Status;

namespace {

Status read_options(const patron_rank_options* in, patron::RankOptions& out) {
  patron_rank_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  status = first_error(
      {require_array(options.shares, options.share_count, sizeof(double), "options.shares"),
       require_array(options.top_percents, options.top_percent_count, sizeof(double),
                     "options.top_percents")});
  if (!status.ok()) return status;
  out.shares.assign(options.shares, options.shares + options.share_count);
  out.top_percents.assign(options.top_percents, options.top_percents + options.top_percent_count);
  read_pointed(options.top, out.top);
  return {};
}

}  // namespace

patron_status patron_rank_compute(const patron_table* table, const char* column,
                                  uint64_t column_size, const patron_rank_options* options,
                                  patron_rank** rank, patron_error* error) noexcept {
  clear(rank);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(table, "table"), require(rank, "rank")});
    if (!status.ok()) return status;
    const Result<std::string_view> name = read_text(column, column_size, "column");
    if (!name.ok()) return name.status();
    patron::RankOptions wanted;
    status = read_options(options, wanted);
    if (!status.ok()) return status;
    Result<patron::RankResult> result = patron::rank(table->table, *name, wanted);
    if (!result.ok()) return result.status();
    return hand_out(*std::move(result), rank);
  });
}

patron_status patron_rank_table(const patron_rank* rank, patron_table** table,
                                patron_error* error) noexcept {
  return hand_out_part(rank, "rank", &patron::RankResult::table, table, "table", error);
}

patron_status patron_rank_describe(const patron_rank* rank, patron_rank_summary* summary,
                                   patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(rank, "rank"), check_output(summary, "summary")});
    if (!status.ok()) return status;
    const patron::RankResult& result = rank->result;
    patron_rank_summary value = PATRON_RANK_SUMMARY_INIT;
    value.cuts = result.cuts.data();
    value.cut_count = result.cuts.size();
    value.members = result.members.data();
    value.class_count = result.members.size();
    value.ranked = result.ranked;
    write_struct(value, summary);
    return {};
  });
}

void patron_rank_close(patron_rank* rank) noexcept { close(rank); }
