// Ltv as JSON:
//
//   {"patron_ltv_model": 1, "model": "bg_nbd", "unit": "week",
//    "parameters": {"r": 0.2426, "alpha": 4.414, "a": 0.793, "b": 2.426},
//    "fit": {"verdict": "converged", "message": "...", "log_likelihood": -9582.43, ...,
//            "covariance": [[...], ...], "rows": 2357, ...}}
//
// "fit" is missing where the model was not fitted; its covariance is null where there is none, and
// has as many rows and columns as there are parameters. Numbers are the shortest text that reads
// back as the same double.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "lib/base/json.h"
#include "lib/base/json_writer.h"
#include "lib/base/nearest.h"
#include "lib/models/ltv/fit_report.h"
#include "lib/models/ltv/model.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::JsonDocument;
using internal::JsonKind;
using internal::JsonValue;
using internal::JsonWriter;

constexpr int64_t kVersion = 1;
constexpr std::string_view kVersionKey = "patron_ltv_model";
constexpr std::array<std::string_view, 5> kKeys{kVersionKey, "model", "unit", "parameters", "fit"};
constexpr std::array<std::string_view, 13> kFitKeys{
    "verdict",    "message", "log_likelihood", "penalty",     "gradient_norm", "aic",       "bic",
    "iterations", "rows",    "excluded_rows",  "unique_rows", "customers",     "covariance"};

Status mistake(std::string message, JsonValue where) {
  return {Code::kDocument, std::move(message), -1, where.offset()};
}

Result<JsonValue> member(JsonValue object, std::string_view what, std::string_view key) {
  if (const auto value = object.find(key)) return *value;
  return mistake(std::string(what) + ": the key \"" + std::string(key) + "\" is missing", object);
}

/// The index of a name among others, by a member of an object.
Result<int> read_name(JsonValue object, std::string_view what, std::string_view key,
                      std::span<const std::string_view> names) {
  Result<JsonValue> value = member(object, what, key);
  if (!value.ok()) return value.status();
  std::string all;
  for (size_t i = 0; i < names.size(); ++i) {
    if (value->is(JsonKind::kString) && value->string() == names[i]) return static_cast<int>(i);
    all += (i > 0 ? ", " : "") + std::string(names[i]);
  }
  return mistake(std::string(key) + ": " + value->source() + " is none; there are " + all +
                     internal::did_you_mean(value->string(), names),
                 *value);
}

/// A finite number of at least `lowest`.
Status read_number(JsonValue object, std::string_view what, std::string_view key, double lowest,
                   double* out) {
  Result<JsonValue> value = member(object, what, key);
  if (!value.ok()) return value.status();
  if (!value->is_number())
    return mistake(
        std::string(what) + "/" + std::string(key) + ": " + value->source() + " is no number",
        *value);
  *out = value->number();
  if (*out >= lowest) return {};
  return mistake(
      std::string(what) + "/" + std::string(key) + ": " + value->source() + " is below 0", *value);
}

Status read_count(JsonValue object, std::string_view what, std::string_view key, int64_t highest,
                  int64_t* out) {
  Result<JsonValue> value = member(object, what, key);
  if (!value.ok()) return value.status();
  *out = value->integer();
  if (value->is(JsonKind::kInt) && *out >= 0 && *out <= highest) return {};
  return mistake(std::string(what) + "/" + std::string(key) + ": " + value->source() +
                     " is no count; write a whole number from 0 on",
                 *value);
}

template <size_t N, typename NameOf>
std::array<std::string_view, N> names_of(const NameOf& name_of) {
  std::array<std::string_view, N> names;
  for (size_t i = 0; i < N; ++i) names[i] = name_of(static_cast<int>(i));
  return names;
}

Status read_parameters(JsonValue root, LtvModel model, LtvParameters* out) {
  Result<JsonValue> object = member(root, "model", "parameters");
  if (!object.ok()) return object.status();
  const auto names = ltv_parameter_names(model);
  if (Status status = object->require_object("parameters", names); !status.ok()) return status;
  for (size_t i = 0; i < names.size(); ++i) {
    double& value = (*out)[i];
    Status status = read_number(*object, "parameters", names[i],
                                -std::numeric_limits<double>::infinity(), &value);
    if (!status.ok()) return status;
    if (!(value > 0))
      return mistake("parameters/" + std::string(names[i]) + ": " +
                         object->find(names[i])->source() + " is not above 0",
                     *object->find(names[i]));
  }
  return {};
}

/// Whether a symmetric matrix with a diagonal of at least 0 is a covariance: Cholesky's pivots of
/// the correlations are not negative beyond rounding.
bool is_covariance(const LtvFit& fit, size_t n) {
  constexpr double kRounding = 1e-8;
  std::array<LtvParameters, kLtvParameters> left{};
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      const double scale = fit.standard_errors[i] * fit.standard_errors[j];
      const double covariance = fit.covariance[i * kLtvParameters + j];
      if (scale == 0 && covariance != 0) return false;
      double sum = scale == 0 ? 0 : covariance / scale;
      for (size_t k = 0; k < j; ++k) sum -= left[i][k] * left[j][k];
      if (i == j) {
        if (sum < -kRounding) return false;
        left[i][i] = std::sqrt(std::max(sum, 0.0));
      } else if (left[j][j] * left[j][j] > kRounding) {
        left[i][j] = sum / left[j][j];
      } else if (std::abs(sum) > std::sqrt(kRounding)) {
        return false;
      }
    }
  }
  return true;
}

/// A symmetric matrix with variances of at least 0; NaN all over where it is null.
Status read_covariance(JsonValue object, size_t n, LtvFit* fit) {
  fit->covariance.fill(std::numeric_limits<double>::quiet_NaN());
  fit->standard_errors.fill(std::numeric_limits<double>::quiet_NaN());
  Result<JsonValue> matrix = member(object, "fit", "covariance");
  if (!matrix.ok()) return matrix.status();
  if (matrix->is(JsonKind::kNull)) {
    if (!fit->converged()) return {};
    return mistake("fit/covariance: null belongs to a fit that did not converge", *matrix);
  }
  const std::string size = std::to_string(n);
  const auto shape = [&](JsonValue where) {
    return mistake("fit/covariance: want " + size + " rows of " + size + " numbers", where);
  };
  if (!fit->converged())
    return mistake("fit/covariance: a fit that did not converge has none; write null", *matrix);
  if (!matrix->is(JsonKind::kArray) || matrix->size() != n) return shape(*matrix);
  fit->covariance.fill(0);
  fit->standard_errors.fill(0);
  size_t i = 0;
  for (const JsonValue row : matrix->items()) {
    if (!row.is(JsonKind::kArray) || row.size() != n) return shape(row);
    size_t j = 0;
    for (const JsonValue cell : row.items()) {
      if (!cell.is_number()) return shape(cell);
      fit->covariance[i * kLtvParameters + j] = cell.number();
      if (j < i && fit->covariance[j * kLtvParameters + i] != cell.number())
        return mistake("fit/covariance: " + cell.source() + " stands opposite to another number",
                       cell);
      if (i == j && !(cell.number() >= 0))
        return mistake("fit/covariance: " + cell.source() + " is no variance; it is below 0", cell);
      ++j;
    }
    fit->standard_errors[i] = std::sqrt(fit->covariance[i * kLtvParameters + i]);
    ++i;
  }
  if (!is_covariance(*fit, n))
    return mistake(
        "fit/covariance: no customers have these covariances; they are too large for the "
        "variances",
        *matrix);
  return {};
}

Status read_fit(JsonValue object, size_t parameters, LtvFit* fit) {
  if (Status status = object.require_object("fit", kFitKeys); !status.ok()) return status;
  const auto verdicts =
      names_of<5>([](int i) { return internal::ltv::verdict_name(static_cast<LtvVerdict>(i)); });
  const Result<int> verdict = read_name(object, "fit", "verdict", verdicts);
  if (!verdict.ok()) return verdict.status();
  fit->verdict = static_cast<LtvVerdict>(*verdict);
  const Result<JsonValue> message = member(object, "fit", "message");
  if (!message.ok()) return message.status();
  if (!message->is(JsonKind::kString) || message->string().empty())
    return mistake("fit/message: " + message->source() + " is no text", *message);
  fit->message = message->string();
  constexpr double kAny = -std::numeric_limits<double>::infinity();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  int64_t iterations = 0;
  Status status = read_number(object, "fit", "log_likelihood", kAny, &fit->log_likelihood);
  if (status.ok()) status = read_number(object, "fit", "penalty", 0, &fit->penalty);
  if (status.ok()) status = read_number(object, "fit", "gradient_norm", 0, &fit->gradient_norm);
  if (status.ok()) status = read_number(object, "fit", "aic", kAny, &fit->aic);
  if (status.ok()) status = read_number(object, "fit", "bic", kAny, &fit->bic);
  if (status.ok()) status = read_number(object, "fit", "customers", 0, &fit->customers);
  if (status.ok())
    status = read_count(object, "fit", "iterations", std::numeric_limits<int>::max(), &iterations);
  fit->iterations = static_cast<int>(iterations);
  if (status.ok()) status = read_count(object, "fit", "rows", kMost, &fit->rows);
  if (status.ok()) status = read_count(object, "fit", "excluded_rows", kMost, &fit->excluded_rows);
  if (status.ok()) status = read_count(object, "fit", "unique_rows", kMost, &fit->unique_rows);
  return status.ok() ? read_covariance(object, parameters, fit) : status;
}

void write_fit(JsonWriter& writer, const LtvFit& fit, size_t parameters) {
  writer.key("fit").begin_object();
  writer.key("verdict").string(internal::ltv::verdict_name(fit.verdict));
  writer.key("message").string(fit.message);
  writer.key("log_likelihood").number(fit.log_likelihood);
  writer.key("penalty").number(fit.penalty);
  writer.key("gradient_norm").number(fit.gradient_norm);
  writer.key("iterations").integer(fit.iterations);
  writer.key("aic").number(fit.aic);
  writer.key("bic").number(fit.bic);
  writer.key("rows").integer(fit.rows);
  writer.key("excluded_rows").integer(fit.excluded_rows);
  writer.key("unique_rows").integer(fit.unique_rows);
  writer.key("customers").number(fit.customers);
  writer.key("covariance");
  if (fit.converged()) {
    writer.begin_array();
    for (size_t i = 0; i < parameters; ++i) {
      writer.begin_array();
      for (size_t j = 0; j < parameters; ++j) writer.number(fit.covariance[i * kLtvParameters + j]);
      writer.end_array();
    }
    writer.end_array();
  } else {
    writer.null();
  }
  writer.end_object();
}

Status read_version(JsonValue root) {
  const Result<JsonValue> version = member(root, "model", kVersionKey);
  if (!version.ok()) return version.status();
  if (version->is(JsonKind::kInt) && version->integer() == kVersion) return {};
  return mistake(std::string(kVersionKey) + ": " + version->source() +
                     " is a version that this library does not read; it reads 1",
                 *version);
}

}  // namespace

std::string Ltv::to_json() const {
  JsonWriter writer;
  const auto names = ltv_parameter_names(model_);
  writer.begin_object();
  writer.key(kVersionKey).integer(kVersion);
  writer.key("model").string(ltv_model_name(model_));
  writer.key("unit").string(ltv_unit_name(unit_));
  writer.key("parameters").begin_object();
  for (size_t i = 0; i < names.size(); ++i) writer.key(names[i]).number(parameters_[i]);
  writer.end_object();
  if (fit_) write_fit(writer, *fit_, names.size());
  writer.end_object();
  return writer.take();
}

Result<Ltv> Ltv::parse(std::string_view json) {
  Result<JsonDocument> document = JsonDocument::parse(json);
  if (!document.ok()) return document.status();
  const JsonValue root = document->root();
  if (Status status = root.require("model", JsonKind::kObject); !status.ok()) return status;
  // A later version may have other keys, so it is looked at first.
  Status status = read_version(root);
  if (status.ok()) status = root.require_object("model", kKeys);
  if (!status.ok()) return status;
  const auto models =
      names_of<kLtvModels>([](int i) { return ltv_model_name(static_cast<LtvModel>(i)); });
  const Result<int> model = read_name(root, "model", "model", models);
  if (!model.ok()) return model.status();
  const auto units = names_of<6>([](int i) { return ltv_unit_name(static_cast<LtvUnit>(i)); });
  const Result<int> unit = read_name(root, "model", "unit", units);
  if (!unit.ok()) return unit.status();
  LtvParameters parameters{};
  status = read_parameters(root, static_cast<LtvModel>(*model), &parameters);
  if (!status.ok()) return status;
  std::optional<LtvFit> fit;
  if (const auto object = root.find("fit")) {
    fit.emplace();
    const size_t n = ltv_parameter_names(static_cast<LtvModel>(*model)).size();
    status = read_fit(*object, n, &*fit);
    if (!status.ok()) return status;
  }
  return LtvAccess::make(static_cast<LtvModel>(*model), static_cast<LtvUnit>(*unit), parameters,
                         std::move(fit), Table());
}

}  // namespace v0
}  // namespace patron
