#include "lib/expr/graph.h"

namespace patron::internal {

std::string type_text(const ExprType& type) {
  switch (type.base) {
    case Base::kError:
      return "an error";
    case Base::kNull:
      return "null";
    case Base::kList:
      return "a list";
    case Base::kPeriod:
      return "a calendar period";
    case Base::kMoney: {
      const std::string currency(type.unit.currency.data(),
                                 type.unit.currency[0] == '\0' ? 0 : type.unit.currency.size());
      return "money (" + currency + (currency.empty() ? "" : ", ") + "scale " +
             std::to_string(type.unit.scale) + ")";
    }
    default:
      return kind_name(kind_of(type.base));
  }
}

Base base_of(Kind kind) {
  return static_cast<Base>(static_cast<int>(Base::kBool) + static_cast<int>(kind));
}

Kind kind_of(Base base) {
  return static_cast<Kind>(static_cast<int>(base) - static_cast<int>(Base::kBool));
}

LaneKind lane_of(Base base) {
  switch (base) {
    case Base::kBool:
      return LaneKind::kBool;
    case Base::kDouble:
      return LaneKind::kF64;
    case Base::kString:
    case Base::kEnum:
      return LaneKind::kText;
    default:
      return LaneKind::kI64;
  }
}

std::string_view cmp_text(Cmp cmp) {
  switch (cmp) {
    case Cmp::kEq:
      return "==";
    case Cmp::kNe:
      return "!=";
    case Cmp::kLt:
      return "<";
    case Cmp::kLe:
      return "<=";
    case Cmp::kGt:
      return ">";
    case Cmp::kGe:
      return ">=";
  }
  return "";
}

Cmp mirrored(Cmp cmp) {
  switch (cmp) {
    case Cmp::kLt:
      return Cmp::kGt;
    case Cmp::kLe:
      return Cmp::kGe;
    case Cmp::kGt:
      return Cmp::kLt;
    case Cmp::kGe:
      return Cmp::kLe;
    default:
      return cmp;
  }
}

}  // namespace patron::internal
