#include "capi/src/expression_options.h"

namespace patron::capi {

Status read_expression_options(const patron_expression_options* in, ExpressionOptions& out,
                               Call& call) {
  patron_expression_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  read_pointed(options.now, out.now);
  return first_error({read_threads(options.threads, "options.threads", out.threads),
                      read_control(options.cancel, options.progress, options.progress_context,
                                   out.control, call)});
}

void write_counts(const ExpressionCounts& counts, patron_expression_counts* out) {
  if (out == nullptr) return;
  patron_expression_counts value = PATRON_EXPRESSION_COUNTS_INIT;
  value.rows = counts.rows;
  value.unknown_rows = counts.unknown_rows;
  value.overflows = counts.overflows;
  value.divisions_by_zero = counts.divisions_by_zero;
  value.bad_cells = counts.bad_cells;
  write_struct(value, out);
}

}  // namespace patron::capi
