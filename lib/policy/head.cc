// The first lines of a policy: what it is, its clock, its money, its customers, its identities.
#include <algorithm>
#include <array>

#include "lib/policy/draft.h"
#include "lib/schema/names.h"

namespace patron::internal::policy {
namespace {

constexpr std::array<std::string_view, 17> kHeadKeys{
    "$schema",  "patron", "name",      "version",         "label",   "description",
    "timezone", "money",  "customer",  "identities",      "streams", "attributes",
    "tags",     "models", "calibrate", "classifications", "actions"};

void read_money(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> money = root.find("money");
  if (!money) return;
  static constexpr std::array<std::string_view, 2> kMoney{"currency", "scale"};
  if (!draft.findings.object(*money, kMoney)) return;
  std::optional<int64_t> scale;
  draft.findings.whole(*money, "scale", 0, kMaxMoneyScale, scale);
  draft.data.money.scale = static_cast<int>(scale.value_or(2));
  std::string currency;
  draft.findings.text(*money, "currency", currency);
  if (currency.empty()) return;
  MoneyUnit unit = draft.data.money;
  if (currency.size() == unit.currency.size()) {
    std::copy(currency.begin(), currency.end(), unit.currency.begin());
  }
  if (currency.size() != unit.currency.size() || !check(unit).ok()) {
    draft.findings.error(
        *money->find("currency"), "value",
        "\"" + currency + "\" is no ISO 4217 code; want three capital letters, such as EUR");
    return;
  }
  draft.data.money = unit;
}

void read_customer(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> customer = root.find("customer");
  if (!customer) return;
  static constexpr std::array<std::string_view, 2> kCustomer{"id", "joined"};
  if (!draft.findings.object(*customer, kCustomer)) return;
  static constexpr std::array<std::string_view, 2> kIds{"int64", "string"};
  std::optional<size_t> id;
  draft.findings.choice(*customer, "id", kIds, id);
  draft.data.customer = id == 0U ? Kind::kInt64 : Kind::kString;
  if (const std::optional<Cursor> joined = customer->find("joined")) {
    if (draft.findings.text(*joined, draft.data.joined)) {
      draft.names.push_back({draft.data.joined, *joined, "", PendingName::Wanted::kAttribute});
    }
  }
}

void read_identities(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> identities = root.find("identities");
  if (!identities) return;
  static constexpr std::array<std::string_view, 1> kIdentities{"keys"};
  if (!draft.findings.object(*identities, kIdentities, {"keys"})) return;
  const Cursor keys = *identities->find("keys");
  if (!draft.findings.array(keys, 64)) return;
  for (const Cursor& one : keys.items()) {
    std::string key;
    if (!draft.findings.text(one, key)) continue;
    if (key.empty()) {
      draft.findings.error(one, "name", "an identity key needs a name, such as \"phone\"");
    } else if (const Status status = check_field_name(key); !status.ok()) {
      draft.findings.error(one, "name", status.message());
    } else if (key == "customer" || key == "time") {
      draft.findings.error(one, "name",
                           '"' + key + "\" is a column of every table; choose another name");
    } else if (std::find(draft.data.identity_keys.begin(), draft.data.identity_keys.end(), key) !=
               draft.data.identity_keys.end()) {
      draft.findings.error(one, "name_taken",
                           "\"" + key +
                               "\" stands here twice; keys are listed once, "
                               "the strongest first");
    } else {
      draft.data.identity_keys.push_back(std::move(key));
    }
  }
}

void read_calibrate(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> calibrate = root.find("calibrate");
  if (!calibrate) return;
  static constexpr std::array<std::string_view, 2> kCalibrate{"every", "min_customers"};
  if (!draft.findings.object(*calibrate, kCalibrate)) return;
  static constexpr std::array<std::string_view, 5> kPeriods{"day", "week", "month", "quarter",
                                                            "year"};
  std::optional<size_t> every;
  draft.findings.choice(*calibrate, "every", kPeriods, every);
  if (every) draft.data.calibrate = static_cast<CalibrateEvery>(*every + 1);
  std::optional<int64_t> least;
  draft.findings.whole(*calibrate, "min_customers", 1, int64_t{1} << 32, least);
  draft.data.min_customers = least.value_or(0);
}

}  // namespace

void read_head(const Cursor& root, Draft& draft) {
  draft.findings.object(root, kHeadKeys, {"patron", "name"});
  if (const std::optional<Cursor> patron = root.find("patron")) {
    if (!patron->is(JsonKind::kInt) || patron->value.integer() != 1) {
      draft.findings.error(*patron, "version",
                           patron->value.source() + " is no version of the policy format; want 1");
    }
  }
  draft.findings.text(root, "name", draft.data.name);
  draft.findings.text(root, "version", draft.data.version);
  std::string ignored, schema;
  read_words(root, draft, ignored, ignored);
  draft.findings.text(root, "$schema", schema);
  std::string zone;
  if (const std::optional<Cursor> at = root.find("timezone");
      at && draft.findings.text(*at, zone)) {
    Result<TimeZone> loaded = TimeZone::load(zone);
    if (loaded.ok()) {
      draft.data.zone = *std::move(loaded);
    } else {
      draft.findings.error(*at, "zone", loaded.status().message());
    }
  }
  read_money(root, draft);
  read_customer(root, draft);
  read_identities(root, draft);
  read_calibrate(root, draft);
}

}  // namespace patron::internal::policy
