#include "tests/engine/oracle/drive.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

namespace patron::oracle {
namespace {

void check(const Status& status, const char* what) {
  if (!status.ok()) throw std::runtime_error(std::string(what) + ": " + status.message());
}

void check(const IngestReport& report, const char* what) {
  if (report.refused_rows > 0) {
    throw std::runtime_error(std::string(what) + ": " + report.refused[0].reason);
  }
}

BookValue book_value(const Value& value) {
  switch (value.is) {
    case Is::kUnknown:
      return {};
    case Is::kBool:
      return value.i != 0;
    case Is::kReal:
      return value.d;
    case Is::kText:
      return std::string_view(value.s);
    default:
      return value.i;
  }
}

std::string text_at(const Chunk& chunk, const DataType& type, int64_t row) {
  if (type.type == Type::kDictionary) {
    const int64_t place = type.index == Type::kInt8 ? static_cast<const int8_t*>(chunk.values)[row]
                          : type.index == Type::kInt16
                              ? static_cast<const int16_t*>(chunk.values)[row]
                              : static_cast<const int32_t*>(chunk.values)[row];
    DataType texts;
    texts.type = type.value;
    return text_at(*chunk.dictionary, texts, place);
  }
  const auto* bytes = reinterpret_cast<const char*>(chunk.bytes);
  const auto between = [&](const auto* ends) {
    return std::string(bytes + ends[row], bytes + ends[row + 1]);
  };
  if (type.type == Type::kLargeString) return between(static_cast<const int64_t*>(chunk.offsets));
  return between(static_cast<const int32_t*>(chunk.offsets));
}

Value value_at(const Chunk& chunk, const DataType& type, int64_t row) {
  if (!chunk.valid(row)) return {};
  const auto* numbers = static_cast<const int64_t*>(chunk.values);
  switch (type.type) {
    case Type::kBool:
      return Value::of((static_cast<const uint8_t*>(chunk.values)[row / 8] >> row % 8 & 1) != 0);
    case Type::kInt64:
      return Value::of(Is::kInt, numbers[row]);
    case Type::kDouble:
      return Value::real(static_cast<const double*>(chunk.values)[row]);
    case Type::kDecimal128:
      return Value::of(Is::kMoney, numbers[2 * row]);
    case Type::kTimestamp:
      return Value::of(Is::kTime, numbers[row]);
    case Type::kDuration:
      return Value::of(Is::kSpan, numbers[row]);
    case Type::kDate32:
      return Value::of(Is::kDay, static_cast<const int32_t*>(chunk.values)[row]);
    default:
      return Value::text(text_at(chunk, type, row));
  }
}

}  // namespace

Driver::Driver(const Policy& policy, const Rules& rules, const EngineOptions& options)
    : engine(*Engine::open(policy, options)), rules_(rules) {}

CustomerId Driver::id(const std::string& text) const {
  CustomerId out;
  if (rules_.number_ids) {
    out.number = std::stoll(text);
  } else {
    out.text = text;
  }
  return out;
}

std::string Driver::text(const CustomerId& id) const {
  return rules_.number_ids ? std::to_string(id.number) : std::string(id.text);
}

std::string Driver::survivor(const std::string& of) const {
  const auto profile = engine.profile(id(of));
  return profile.ok() ? text(profile->customer) : std::string();
}

const internal::StreamLayout& Driver::layout(const std::string& stream) const {
  const int number = engine.layout().find_stream(stream);
  if (number < 0) throw std::runtime_error("no stream " + stream);
  return engine.layout().data().streams[static_cast<size_t>(number)];
}

Event Driver::event(const std::string& stream, const Row& row) const {
  const auto& of = layout(stream);
  Event out;
  out.id = row.id;
  out.stream = stream;
  out.time = row.time;
  if (of.key >= 0) out.key = row.key;
  for (size_t c = 0; c < of.columns.size(); ++c) {
    if (static_cast<int>(c) == of.key) continue;
    if (static_cast<int>(c) == of.referred) {
      out.columns.emplace_back(of.columns[c].name, Value::text(row.id));
      continue;
    }
    const auto cell = std::find_if(row.cells.begin(), row.cells.end(), [&](const auto& given) {
      return given.first == of.columns[c].name;
    });
    out.columns.emplace_back(of.columns[c].name, cell == row.cells.end() ? Value() : cell->second);
  }
  return out;
}

bool Driver::add(const std::string& stream, const std::vector<Row>& rows, bool quiet) {
  const auto& of = layout(stream);
  std::deque<Event> kept;
  std::deque<std::vector<BookValue>> cells;
  std::vector<BookEvent> events;
  for (const Row& row : rows) {
    const Event& whole = kept.emplace_back(event(stream, row));
    std::vector<BookValue>& values = cells.emplace_back();
    for (const auto& [name, value] : whole.columns) {
      const bool number = rules_.number_ids && (name == "referrer" || name == "referred");
      values.push_back(number ? BookValue(std::stoll(value.s)) : book_value(value));
    }
    if (of.key >= 0) values.insert(values.begin() + of.key, std::string_view(whole.key));
    BookEvent out;
    out.customer = id(whole.id);
    out.time = whole.time;
    out.values = values;
    events.push_back(out);
  }
  IngestReport report;
  check(engine.ingest(engine.layout().find_stream(stream), events, {quiet}, &report), "ingest");
  if (of.referrer >= 0) return report.refused_rows == 0;
  check(report, "ingest");
  return true;
}

void Driver::set(const Row& row, bool quiet) {
  const auto& [name, value] = row.cells.at(0);
  if (!value.known()) return withdraw(row, quiet);
  TableBuilder table;
  if (rules_.number_ids) {
    table.int64("customer", {std::stoll(row.id)});
  } else {
    table.strings("customer", std::vector<std::string>{row.id});
  }
  table.timestamps("time", {row.time}, "UTC");
  uint8_t bit = value.i != 0 ? 1 : 0;
  if (value.is == Is::kInt) table.int64(name, {value.i});
  if (value.is == Is::kReal) table.doubles(name, {value.d});
  if (value.is == Is::kText) table.strings(name, std::vector<std::string>{value.s});
  if (value.is == Is::kDay) table.dates(name, {static_cast<int32_t>(value.i)});
  if (value.is == Is::kTime) table.timestamps(name, {value.i}, "UTC");
  Table made = *table.finish();
  if (value.is == Is::kBool) {
    // What the builder has no column for.
    std::vector<ColumnView> views(3);
    for (int c = 0; c < 2; ++c) {
      const auto at = static_cast<size_t>(c);
      views[at].name = made.field(c).name;
      views[at].type = made.field(c).type;
      views[at].chunk = made.chunks(c)[0];
    }
    views[2].name = name;
    views[2].type.type = Type::kBool;
    views[2].chunk.length = 1;
    views[2].chunk.values = &bit;
    const Table with = *make_table(views);
    IngestReport report;
    check(engine.set_attributes(with, {quiet}, &report), "set");
    return check(report, "set");
  }
  IngestReport report;
  check(engine.set_attributes(made, {quiet}, &report), "set");
  check(report, "set");
}

// A null, of the attribute's own type.
void Driver::withdraw(const Row& row, bool quiet) {
  TableBuilder table;
  if (rules_.number_ids) {
    table.int64("customer", {std::stoll(row.id)});
  } else {
    table.strings("customer", std::vector<std::string>{row.id});
  }
  table.timestamps("time", {row.time}, "UTC");
  const std::string& name = row.cells.at(0).first;
  const Is kind = rules_.attributes.at(name).kind;
  if (kind == Is::kDay) {
    table.dates(name, {0});
  } else if (kind == Is::kTime) {
    table.timestamps(name, {0}, "UTC");
  } else {
    table.int64(name, {0});
  }
  const Table made = *table.finish();
  const uint8_t none = 0;
  std::vector<ColumnView> views(3);
  for (int c = 0; c < 3; ++c) {
    const auto at = static_cast<size_t>(c);
    views[at].name = made.field(c).name;
    views[at].type = made.field(c).type;
    views[at].chunk = made.chunks(c)[0];
  }
  if (kind == Is::kBool) views[2].type.type = Type::kBool;
  if (kind == Is::kText) throw std::runtime_error("no texts to withdraw");
  views[2].chunk.validity = &none;
  views[2].chunk.null_count = 1;
  IngestReport report;
  IngestOptions options;
  options.quiet = quiet;
  options.nulls = AttributeNulls::kClear;
  check(engine.set_attributes(*make_table(views), options, &report), "withdraw");
  check(report, "withdraw");
}

void Driver::claim(const Row& row) {
  TableBuilder table;
  if (rules_.number_ids) {
    table.int64("customer", {std::stoll(row.id)});
  } else {
    table.strings("customer", std::vector<std::string>{row.id});
  }
  table.timestamps("time", {row.time}, "UTC");
  const auto& [key, value] = row.cells.at(0);
  table.strings(key, std::vector<std::string>{value.s});
  IngestReport report;
  check(engine.claim(*table.finish(), &report), "claim");
  check(report, "claim");
}

void Driver::remove(const std::string& stream, const std::vector<Row>& rows, bool quiet) {
  const auto& of = layout(stream);
  if (of.key < 0) throw std::runtime_error("no keys in " + stream);
  for (const Row& row : rows) {
    TableBuilder table;
    if (rules_.number_ids) {
      table.int64("customer", {std::stoll(row.id)});
    } else {
      table.strings("customer", std::vector<std::string>{row.id});
    }
    table.strings(of.columns[static_cast<size_t>(of.key)].name, std::vector<std::string>{row.key});
    check(engine.remove(stream, *table.finish(), {quiet}), "remove");
  }
}

void Driver::advance(Micros to) { check(engine.advance(to), "advance"); }

bool Driver::link(const std::string& first, const std::string& second) {
  const auto linked = engine.link(id(first), id(second));
  check(linked.status(), "link");
  return linked->done;
}

// The constants in force, with others for one model.
bool Driver::learn(const Tree& constants) {
  if (engine.clock() == kMinTime) return false;
  const Tree now = Tree::read(engine.calibration().to_json());
  const int64_t number = now.find("number")->integer + 1;
  Tree model = Tree::object(), models = Tree::object(), next = Tree::object();
  model.set("from", number).set("ltv", constants);
  for (const auto& [name, one] : now.find("models")->members) {
    if (name != "ltv") models.set(name, one);
  }
  models.set("ltv", model);
  for (const auto& [name, value] : now.members) {
    if (name == "policy") {
      next.set(name, engine.policy().hash());
    } else if (name == "number" || name == "at") {
      next.set(name, name == "number" ? number : engine.clock());
    } else {
      next.set(name, name == "models" ? models : value);
    }
  }
  const Result<Calibration> read = Calibration::parse(next.write());
  check(read.status(), "constants");
  check(engine.set_calibration(*read), "constants");
  return true;
}

bool Driver::command(const Call& call) {
  static const std::vector<std::string> kKinds{"pin", "hold", "ceiling", "floor"};
  const auto kind = static_cast<OverrideKind>(std::find(kKinds.begin(), kKinds.end(), call.kind) -
                                              kKinds.begin());
  Override what;
  switch (call.is) {
    case Call::Is::kLink:
      return link(call.first, call.second);
    case Call::Is::kUnlink:
      return engine.unlink(id(call.first), id(call.second)).ok();
    case Call::Is::kForget:
      return engine.forget(id(call.first));
    case Call::Is::kOverride:
      what.kind = kind;
      what.classification = call.classification;
      what.to = call.to_class;
      what.at = call.at;
      what.until = call.until;
      return engine.set_override(id(call.first), what).ok();
    case Call::Is::kPublish: {
      const CheckedPolicy checked = Policy::check(call.policy.write());
      if (!checked.policy) throw std::runtime_error("no policy to publish");
      return engine.publish(*checked.policy, call.mapping).ok();
    }
    case Call::Is::kLearn:
      return learn(call.policy);
    case Call::Is::kCalibrate:
      return engine.calibrate().ok();
    case Call::Is::kClear:
      return engine.clear_override(id(call.first), call.classification, kind).ok();
    default:
      return true;
  }
}

std::vector<Move> Driver::moves() const {
  std::vector<Move> out;
  std::map<std::string, int64_t> numbers;
  for (const Transition& t : engine.transitions()) {
    Move move;
    move.customer = text(t.customer);
    move.classification = t.classification;
    move.from = t.from;
    move.to = t.to;
    move.at = t.at;
    move.cause = cause_name(t.cause);
    move.fact_time = t.fact_time;
    move.quiet = t.quiet;
    if (t.sequence != ++numbers[move.customer])
      throw std::runtime_error("numbers of " + move.said());
    out.push_back(move);
  }
  return out;
}

std::vector<Move> Driver::forecast(Micros until) const {
  auto found = engine.forecast(until);
  check(found.status(), "forecast");
  return moves(*found);
}

std::optional<std::vector<Move>> Driver::compared(const Call& call) const {
  const CheckedPolicy checked = Policy::check(call.policy.write());
  if (!checked.policy) throw std::runtime_error("no policy to publish");
  auto found = engine.compare(*checked.policy, call.mapping);
  if (!found.ok()) return std::nullopt;
  return moves(*found);
}

std::vector<Move> Driver::moves(const std::vector<Forecast>& found) const {
  std::vector<Move> out;
  for (const Forecast& t : found) {
    Move move;
    move.customer = text(t.customer);
    move.classification = t.classification;
    move.from = t.from;
    move.to = t.to;
    move.at = t.at;
    move.cause = cause_name(t.cause);
    out.push_back(move);
  }
  return out;
}

Driver Driver::copy() const {
  Result<Engine> again = Engine::load(engine.save());
  check(again.status(), "load");
  return {*std::move(again), rules_};
}

void Driver::reload() { engine = std::move(copy().engine); }

ClassExplanation Driver::explain(const std::string& customer,
                                 const std::string& classification) const {
  auto why = engine.explain(id(customer), classification, "en");
  check(why.status(), "explain");
  return *std::move(why);
}

std::map<std::string, std::map<std::string, Value>> Driver::profiles(
    const ProfilesOptions& options) const {
  const Result<Table> table = engine.profiles(options);
  check(table.status(), "profiles");
  std::map<std::string, std::map<std::string, Value>> out;
  for (int64_t row = 0; row < table->rows(); ++row) {
    const Value id = value_at(table->chunks(0)[0], table->field(0).type, row);
    auto& hers = out[id.is == Is::kText ? id.s : std::to_string(id.i)];
    for (int c = 1; c < table->columns(); ++c) {
      hers[table->field(c).name] = value_at(table->chunks(c)[0], table->field(c).type, row);
    }
  }
  return out;
}

std::map<std::string, Value> Driver::profile(const std::string& customer) const {
  std::map<std::string, Value> out;
  auto profile = engine.profile(id(customer));
  check(profile.status(), "profile");
  for (const ProfileValue& value : profile->values) {
    Value& to = out[std::string(value.name)];
    if (!value.known) continue;
    switch (value.kind) {
      case Kind::kBool:
        to = Value::of(value.integer != 0);
        break;
      case Kind::kDouble:
        to = Value::real(value.number);
        break;
      case Kind::kMoney:
        to = Value::of(Is::kMoney, value.integer);
        break;
      case Kind::kTimestamp:
        to = Value::of(Is::kTime, value.integer);
        break;
      case Kind::kDuration:
        to = Value::of(Is::kSpan, value.integer);
        break;
      case Kind::kDate:
        to = Value::of(Is::kDay, value.integer);
        break;
      case Kind::kInt64:
        to = Value::of(Is::kInt, value.integer);
        break;
      case Kind::kEnumSet:
        to = Value::text({}, Is::kSet);
        for (const std::string& member : value.set) to.s += member + ",";
        break;
      default:
        to = Value::text(value.text);
    }
  }
  return out;
}

}  // namespace patron::oracle
