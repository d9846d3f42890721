#include "lib/engine/settle/decision.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/engine/settle/packed_decision.h"
#include "lib/expr/value_text.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

constexpr const char* kPersonal = "(personal)";

// A line that is read from its beginning; after something that does not fit nothing fits any more.
class Line {
 public:
  explicit Line(std::string_view text) : text_(text) {}

  bool sound() const { return sound_; }
  size_t place() const { return at_; }
  bool at_end() const { return !sound_ || at_ == text_.size(); }
  bool skip(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  char take() { return at_end() ? sound_ = false, '\0' : text_[at_++]; }
  template <typename T>
  T number() {
    T out{};
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), out);
    sound_ = sound_ && error == std::errc();
    if (sound_) at_ += static_cast<size_t>(end - begin);
    return out;
  }
  // Of a side; `hidden` where it is personal.
  Cell side(bool& hidden) {
    switch (take()) {
      case 'i':
        return Cell::of(number<int64_t>());
      case 'd':
        return Cell::of_double(number<double>());
      case 'p':
        hidden = true;
        return {};
      case 's': {
        const auto size = number<size_t>();
        sound_ = sound_ && skip(':') && text_.size() - at_ >= size;
        if (!sound_) return {};
        const std::string_view text = text_.substr(at_, size);
        at_ += size;
        return Cell::of_text(text);
      }
      default:
        return {};
    }
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  bool sound_ = true;
};

// Where the conditions of a line stand.
struct Place {
  std::string of, part;
  const Expression* expression = nullptr;
};

std::optional<Place> place_of(char part, size_t place, const PolicyData& policy,
                              const PolicyClassificationData& what) {
  if (part == 't') {
    if (place >= policy.values.size() || !policy.values[place].expression) return std::nullopt;
    return Place{policy.values[place].tag.name, "tag", &*policy.values[place].expression};
  }
  if (part == 'w')
    return what.where ? std::optional(Place{"", "where", &*what.where}) : std::nullopt;
  if (place >= what.classes.size()) return std::nullopt;
  const PolicyClass& one = what.classes[place];
  const std::optional<Expression>& expression = part == 'e' ? one.enter : one.keep;
  if ((part != 'e' && part != 'k') || !expression) return std::nullopt;
  return Place{one.name, part == 'e' ? "enter" : "keep", &*expression};
}

const PolicyValue* find(const PolicyData& policy, std::string_view name) {
  for (const PolicyValue& value : policy.values) {
    if (value.tag.name == name) return &value;
  }
  return nullptr;
}

// The lines that are no conditions of an expression: cuts, seats, scores.
std::optional<Reason> plain_reason(char part, size_t place, Kleene truth, Line& line,
                                   const PolicyData& policy, const PolicyClassificationData& what) {
  Reason out;
  if (truth != Kleene::kUnknown) out.holds = truth == Kleene::kTrue;
  bool hidden = false;
  const Cell left = line.skip('=') ? line.side(hidden) : Cell();
  const Cell right = line.skip('>') ? line.side(hidden) : Cell();
  if (part == 'g') {
    static constexpr const char* kScores[3] = {".r", ".f", ".m"};
    if (place >= 3) return std::nullopt;
    out.part = "score";
    out.text = what.table.substr(0, what.table.find('.')) + kScores[place];
    out.left = hidden ? kPersonal : left.known ? std::to_string(left.integer) : "unknown";
    return out;
  }
  if (place >= what.classes.size()) return std::nullopt;
  out.of = what.classes[place].name;
  if (part == 's') {
    out.part = "seat";
    out.text = "a seat in " + out.of;
    return out;
  }
  const PolicyValue* value = find(policy, part == 'c' ? what.of : what.by);
  if (value == nullptr || (part != 'c' && part != 'r') || !right.known) return std::nullopt;
  out.part = "cut";
  out.op = ">=";
  out.right = words_of(right.number, *value);
  out.text = value->tag.name + " >= " + number_text(right.number);
  out.left = hidden ? kPersonal : left.known ? words_of(left.number, *value) : "unknown";
  if (left.known) out.distance = right.number - left.number;
  if (!left.known && !hidden) out.unknown = {value->tag.name};
  return out;
}

void add_sides(const AtomShape& shape, const Graph& graph, Cell left, bool left_hidden, Cell right,
               bool right_hidden, Kleene truth, size_t atom, const Atoms& atoms, Reason& out) {
  if (shape.comparison && graph.at(shape.right).op == Op::kConst) {
    const Node& node = graph.at(shape.right);
    right = {node.known, node.integer, node.number, {}};
    if (node.index >= 0 && node.lane() == LaneKind::kText) right.text = graph.text(node.index);
  }
  Atom words = atoms.describe(atom, truth, left, right);
  out.text = atoms.text(atom);
  out.holds = words.value;
  out.left = left_hidden && shape.comparison ? kPersonal : std::move(words.left);
  out.op = std::move(words.op);
  out.right = right_hidden && shape.comparison ? kPersonal : std::move(words.right);
  if (!left_hidden && !right_hidden) out.distance = words.distance;
}

}  // namespace

AtomCache::AtomCache() = default;
AtomCache::~AtomCache() = default;

const PackedDecisions& AtomCache::packed(const PolicyData& policy) {
  std::unique_ptr<PackedDecisions>& made = packed_[&policy];
  if (made == nullptr) made = std::make_unique<PackedDecisions>(policy);
  return *made;
}

const Atoms& AtomCache::of(const Expression& expression) {
  std::unique_ptr<Atoms>& made = made_[&expression.compiled()];
  if (made == nullptr) made = std::make_unique<Atoms>(expression.compiled());
  return *made;
}

void write_side(char mark, const Cell& cell, LaneKind lane, std::string& out) {
  if (!cell.known) return;
  out += mark;
  if (lane == LaneKind::kF64) {
    out += 'd' + number_text(cell.number);
  } else if (lane == LaneKind::kText) {
    out += 's' + std::to_string(cell.text.size()) + ':';
    out += cell.text;
  } else {
    out += 'i' + std::to_string(cell.integer);
  }
}

void write_atom(char part, size_t place, const Atoms& atoms, const AtomValues& values,
                std::span<const Cell> row, size_t atom, bool hidden, std::string& out) {
  static constexpr char kTruths[3] = {'F', 'T', 'U'};
  const AtomShape& shape = atoms.atoms()[atom];
  out += part + std::to_string(place) + '.' + std::to_string(atom);
  const Kleene truth = kleene_of(atoms.value(values, atom));
  out += kTruths[static_cast<size_t>(truth)];
  if (shape.comparison && hidden) {
    out += "=p";
  } else if (shape.comparison) {
    const Node& right = atoms.graph().at(shape.right);
    write_side('=', atoms.left(values, atom), atoms.graph().at(shape.left).lane(), out);
    if (right.op != Op::kConst) write_side('>', atoms.right(values, atom), right.lane(), out);
  }
  if (truth == Kleene::kUnknown) {
    for (const int field : atoms.fields(atom)) {
      if (!row[static_cast<size_t>(field)].known) out += '?' + std::to_string(field);
    }
  }
  out += '\n';
}

std::string words_of(double number, const PolicyValue& value) {
  if (value.tag.kind == Kind::kMoney) {
    const Result<Rounded> minor = money_from_double(number, value.unit.scale);
    if (minor.ok() && !minor->rounded) return format_money(minor->minor, value.unit);
    const bool named = value.unit.currency[0] != '\0';
    const std::string currency(value.unit.currency.data(), named ? 3 : 0);
    return number_text(number) + (named ? " " : "") + currency;
  }
  if (value.tag.kind == Kind::kDouble || value.tag.kind == Kind::kInt64) return number_text(number);
  return words_of(Cell::of(static_cast<int64_t>(number)), value);
}

std::string words_of(const Cell& cell, const PolicyValue& value) {
  ExprType type = plain_type(base_of(value.tag.kind));
  type.unit = value.unit;
  if (type.base == Base::kEnumSet) return cell.known ? std::to_string(cell.integer) : "unknown";
  return value_text(type, cell);
}

bool reads_personal(const PolicyData& policy, std::span<const int> fields,
                    std::span<const size_t> reads) {
  return std::any_of(fields.begin(), fields.end(), [&](int field) {
    const size_t value = reads[static_cast<size_t>(field)];
    return value < policy.values.size() && policy.values[value].personal;
  });
}

Reason reason_of(const std::string& of, const std::string& part, const Atoms& atoms,
                 const AtomValues& values, std::span<const Cell> row, size_t atom, bool hidden) {
  Reason out;
  out.of = of;
  out.part = part;
  const AtomShape& shape = atoms.atoms()[atom];
  const Cell none;
  const bool threshold = shape.comparison && atoms.graph().at(shape.right).op == Op::kConst;
  add_sides(shape, atoms.graph(), shape.comparison ? atoms.left(values, atom) : none, hidden,
            shape.comparison ? atoms.right(values, atom) : none, hidden && !threshold,
            kleene_of(atoms.value(values, atom)), atom, atoms, out);
  if (!out.holds) out.unknown = atoms.unknown_in(atom, row);
  return out;
}

std::vector<Reason> decision_reasons(std::string_view text, const PolicyData& policy,
                                     int classification, AtomCache& cache) {
  std::vector<Reason> out;
  const PolicyClassificationData& what =
      policy.classifications[static_cast<size_t>(classification)];
  while (!text.empty()) {
    Line read(text);  // texts may hold any byte, so a line ends where its parts do
    const char part = read.take();
    const auto place = read.number<size_t>();
    const bool plain = !read.skip('.');
    const auto atom = plain ? 0 : read.number<size_t>();
    const char mark = read.take();
    const Kleene truth = mark == 'T'   ? Kleene::kTrue
                         : mark == 'F' ? Kleene::kFalse
                                       : Kleene::kUnknown;
    std::optional<Reason> reason;
    if (plain) {
      reason = plain_reason(part, place, truth, read, policy, what);
    } else if (const auto stands = place_of(part, place, policy, what)) {
      const Atoms& atoms = cache.of(*stands->expression);
      bool left_hidden = false, right_hidden = false;
      const Cell left = read.skip('=') ? read.side(left_hidden) : Cell();
      const Cell right = read.skip('>') ? read.side(right_hidden) : Cell();
      if (read.sound() && atom < atoms.atoms().size()) {
        reason.emplace();
        reason->of = stands->of;
        reason->part = stands->part;
        add_sides(atoms.atoms()[atom], atoms.graph(), left, left_hidden, right, right_hidden, truth,
                  atom, atoms, *reason);
        while (read.skip('?')) {
          const auto field = read.number<size_t>();
          if (!read.sound() || field >= atoms.schema().fields().size()) break;
          reason->unknown.push_back(atoms.schema().fields()[field].name);
        }
      }
    }
    if (!reason || !read.sound() || !read.skip('\n')) return out;
    out.push_back(*std::move(reason));
    text.remove_prefix(read.place());
  }
  return out;
}

}  // namespace patron::internal
