// A BookSpec is checked once, and then stands in the form that the book works with.
#include "lib/book/layout.h"

#include <algorithm>
#include <utility>

#include "lib/base/utf8.h"
#include "lib/schema/given_columns.h"
#include "lib/schema/names.h"

namespace patron {
namespace internal {
namespace {

constexpr size_t kMaxBookStreams = 64;
constexpr size_t kMaxBookColumns = 256;
constexpr size_t kMaxBookAttributes = 1024;
constexpr size_t kMaxBookKeys = 64;
constexpr size_t kMaxSetValues = 63;  // all 64 bits mean null

Status refuse(const std::string& what, const std::string& problem) {
  return {Code::kDocument, what + " " + problem};
}

Status check_column_kind(const std::string& what, const BookColumn& column, Kind customer) {
  const FieldSpec& field = column.field;
  if (column.customer && field.kind != customer) {
    return refuse(what, std::string("holds ids of customers, which are ") + kind_name(customer) +
                            " in this book, not " + kind_name(field.kind));
  }
  const bool summable =
      field.kind == Kind::kInt64 || field.kind == Kind::kMoney || field.kind == Kind::kDuration;
  if (column.sums && (!summable || column.customer)) {
    return refuse(what, std::string("is ") + kind_name(field.kind) +
                            "; only sums of int64, money and duration can be guarded");
  }
  if (field.kind == Kind::kEnumSet && field.values.size() > kMaxSetValues) {
    return refuse(what, "has 64 values; an enum_set of a book has at most 63");
  }
  return {};
}

CellColumn cell_column(const BookColumn& column) {
  CellColumn cell;
  cell.name = column.field.name;
  cell.kind = column.field.kind;
  cell.cell = cell_type(column);
  cell.width = static_cast<uint8_t>(cell_width(cell.cell));
  cell.nullable = column.field.nullable;
  cell.personal = column.personal;
  cell.unit = column.field.unit;
  cell.values = column.field.values;
  return cell;
}

Result<StreamLayout> make_stream(const BookStream& stream, const BookSpec& spec) {
  const std::string what = "stream " + quoted(stream.name);
  if (Status status = check_field_name(stream.name); !status.ok()) return status;
  if (stream.columns.size() > kMaxBookColumns) return refuse(what, "has more than 256 columns");
  std::vector<FieldSpec> fields;
  StreamLayout layout;
  layout.name = stream.name;
  for (const BookColumn& column : stream.columns) {
    const std::string name = stream.name + "." + column.field.name;
    if (column.field.name == "customer" || column.field.name == "time") {
      return refuse(name, "is there without being declared");
    }
    if (Status status = check_column_kind(name, column, spec.customer); !status.ok()) return status;
    fields.push_back(column.field);
    layout.columns.push_back(cell_column(column));
    if (layout.columns.back().cell == CellType::kInt) {
      layout.columns.back().whole = layout.whole++;
    }
    if (column.sums) {
      layout.columns.back().sum = static_cast<int>(layout.summed.size());
      layout.summed.push_back(static_cast<int>(layout.columns.size()) - 1);
    }
  }
  if (Result<Schema> schema = Schema::make(std::move(fields), spec.zone); !schema.ok()) {
    return refuse(what, "is not sound: " + schema.status().message());
  }
  if (!stream.key.empty()) {
    layout.key = layout.find(stream.key);
    if (layout.key < 0) return refuse(what, "has no column " + quoted(stream.key) + " for its key");
    const CellColumn& key = layout.columns[static_cast<size_t>(layout.key)];
    if (key.kind != Kind::kString && key.kind != Kind::kInt64) {
      return refuse(what, "has keys of " + std::string(kind_name(key.kind)) +
                              "; event keys are string or int64");
    }
  }
  if (stream.name == "referrals") {
    layout.referrer = layout.find("referrer");
    layout.referred = layout.find("referred");
    const auto is_customer = [&](int c) {
      return c >= 0 && layout.columns[static_cast<size_t>(c)].cell == CellType::kCustomer;
    };
    if (layout.key >= 0)
      return refuse(what, "has a key; a customer has one referrer, and needs none");
    if (!is_customer(layout.referrer) || !is_customer(layout.referred)) {
      return refuse(what, "needs the columns referrer and referred, which are ids of customers");
    }
    for (const int c : {layout.referrer, layout.referred}) {
      layout.columns[static_cast<size_t>(c)].nullable = false;
    }
  }
  return layout;
}

Result<StreamLayout> make_attribute(const BookAttribute& attribute, const BookSpec& spec) {
  BookStream stream;
  stream.name = attribute.field.name;
  BookColumn column;
  column.field = attribute.field;
  column.field.name = "value";
  column.personal = attribute.personal;
  stream.columns.push_back(std::move(column));
  Result<StreamLayout> layout = make_stream(stream, spec);
  if (!layout.ok()) return layout;
  if (stream.name == "customer" || stream.name == "time") {
    return refuse("attribute " + quoted(stream.name),
                  "has a name that every table has; choose another");
  }
  layout->attribute = true;
  layout->columns[0].name = stream.name;
  return layout;
}

template <typename Items, typename NameOf>
Status check_unique(const Items& items, const char* what, NameOf name_of) {
  std::vector<std::string_view> names;
  for (const auto& item : items) names.push_back(name_of(item));
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) return refuse(std::string(what) + " " + quoted(*twice), "comes twice");
  return {};
}

Status check_spec(const BookSpec& spec) {
  if (spec.customer != Kind::kString && spec.customer != Kind::kInt64) {
    return refuse("customer",
                  std::string("ids are string or int64, not ") + kind_name(spec.customer));
  }
  if (Status status = check(spec.money); !status.ok()) return status;
  if (spec.streams.size() > kMaxBookStreams) return refuse("the book", "has more than 64 streams");
  if (spec.attributes.size() > kMaxBookAttributes) {
    return refuse("the book", "has more than 1,024 attributes");
  }
  if (spec.keys.size() > kMaxBookKeys) return refuse("the book", "has more than 64 identity keys");
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (spec.country_code.size() > 3 ||
      !std::all_of(spec.country_code.begin(), spec.country_code.end(), digit)) {
    return refuse("country code " + quoted(spec.country_code), "is not 1 to 3 digits, such as 86");
  }
  for (const BookKey& key : spec.keys) {
    if (Status status = check_field_name(key.name); !status.ok()) return status;
    if (key.name == "customer" || key.name == "time") {
      return refuse("identity key " + quoted(key.name),
                    "has a name that every table has; choose another");
    }
  }
  Status status = check_unique(spec.streams, "stream",
                               [](const BookStream& s) { return std::string_view(s.name); });
  if (!status.ok()) return status;
  status = check_unique(spec.attributes, "attribute",
                        [](const BookAttribute& a) { return std::string_view(a.field.name); });
  if (!status.ok()) return status;
  return check_unique(spec.keys, "identity key",
                      [](const BookKey& k) { return std::string_view(k.name); });
}

}  // namespace

size_t cell_width(CellType type) {
  switch (type) {
    case CellType::kByte:
      return sizeof(uint8_t);
    case CellType::kDay:
    case CellType::kCode:
    case CellType::kCustomer:
      return sizeof(uint32_t);
    case CellType::kInt:
    case CellType::kDouble:
    case CellType::kBits:
      return sizeof(uint64_t);
    case CellType::kText:
      break;
  }
  return 16;
}

CellType cell_type(const BookColumn& column) {
  if (column.customer) return CellType::kCustomer;
  switch (column.field.kind) {
    case Kind::kBool:
      return CellType::kByte;
    case Kind::kDouble:
      return CellType::kDouble;
    case Kind::kString:
      return CellType::kText;
    case Kind::kEnum:
      return CellType::kCode;
    case Kind::kEnumSet:
      return CellType::kBits;
    case Kind::kDate:
      return CellType::kDay;
    case Kind::kInt64:
    case Kind::kTimestamp:
    case Kind::kDuration:
    case Kind::kMoney:
      break;
  }
  return CellType::kInt;
}

int StreamLayout::find(std::string_view column) const {
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].name == column) return static_cast<int>(c);
  }
  return -1;
}

}  // namespace internal

inline namespace v0 {

using internal::LayoutData;
using internal::StreamLayout;

Result<BookStream> built_in_stream(std::string_view name, const BookSpec& spec) {
  BookStream stream;
  stream.name = name;
  for (const internal::GivenColumn& given : internal::kGivenColumns) {
    if (name != given.stream) continue;
    BookColumn column;
    column.field.name = given.name;
    column.field.kind = given.customer ? spec.customer : given.kind;
    column.field.nullable = !given.needed;
    column.customer = given.customer;
    if (given.kind == Kind::kMoney) column.field.unit = spec.money;
    stream.columns.push_back(std::move(column));
  }
  if (!stream.columns.empty()) return stream;
  return Status(Code::kColumn, "no stream " + internal::quoted(name) +
                                   " is built in; there are orders, interactions, surveys, "
                                   "referrals and costs");
}

BookLayout::BookLayout(std::shared_ptr<const LayoutData> data) : data_(std::move(data)) {}

Result<BookLayout> BookLayout::make(BookSpec spec) {
  if (Status status = internal::check_spec(spec); !status.ok()) return status;
  auto data = std::make_shared<LayoutData>();
  for (const BookStream& stream : spec.streams) {
    Result<StreamLayout> layout = internal::make_stream(stream, spec);
    if (!layout.ok()) return std::move(layout).status();
    data->streams.push_back(*std::move(layout));
  }
  for (const BookAttribute& attribute : spec.attributes) {
    Result<StreamLayout> layout = internal::make_attribute(attribute, spec);
    if (!layout.ok()) return std::move(layout).status();
    data->attributes.push_back(*std::move(layout));
  }
  data->claims.name = "identity keys";
  data->claims.attribute = true;
  for (const BookKey& key : spec.keys) {
    BookColumn column;
    column.field.name = key.name;
    column.field.kind = Kind::kString;
    column.personal = true;
    data->claims.columns.push_back(internal::cell_column(column));
  }
  data->text_customers = spec.customer == Kind::kString;
  data->spec = std::move(spec);
  return BookLayout(std::move(data));
}

const BookSpec& BookLayout::spec() const { return data_->spec; }

namespace {
int find_layout(const std::vector<StreamLayout>& layouts, std::string_view name) {
  for (size_t i = 0; i < layouts.size(); ++i) {
    if (layouts[i].name == name) return static_cast<int>(i);
  }
  return -1;
}
}  // namespace

int BookLayout::find_stream(std::string_view name) const {
  return find_layout(data_->streams, name);
}
int BookLayout::find_attribute(std::string_view name) const {
  return find_layout(data_->attributes, name);
}

}  // namespace v0
}  // namespace patron
