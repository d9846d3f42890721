// Explanations as people read them, in English and Chinese.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lib/engine/explain/explain.h"

namespace patron::internal {
namespace {

// A local date, and the time of day where it is not midnight.
std::string local_text(const TimeZone& zone, Micros t) {
  std::string text = format_time(zone.to_wall(t));  // 2026-04-10T09:00:00Z
  if (!text.empty() && text.back() == 'Z') text.pop_back();
  const size_t time = text.find('T');
  if (time == std::string::npos) return text;
  if (text.substr(time) == "T00:00:00") return text.substr(0, time);
  text[time] = ' ';
  if (text.size() == time + 9 && text.ends_with(":00")) text.resize(text.size() - 3);
  return text;
}

// In one piece of memory.
std::string joined(std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out += part;
  return out;
}

std::string_view label_of(const PolicyClassificationData& what, std::string_view name,
                          std::string_view language) {
  const auto found = std::find_if(what.classes.begin(), what.classes.end(),
                                  [&](const PolicyClass& one) { return one.name == name; });
  if (found == what.classes.end()) return name;
  return found->labels.empty() ? found->label : words_in(found->labels, language);
}

class Teller {
 public:
  Teller(const PolicyData& policy, const PolicyClassificationData& what, bool chinese,
         const ExplanationFrame& frame)
      : policy_(policy),
        what_(what),
        zh_(chinese),
        stays_(frame.stays),
        unchanged_(frame.unchanged_until) {}

  std::string tell(const ClassExplanation& why) {
    classes(why);
    const char* reasons = zh_ ? "依据：" : "because ";
    if (!stays_) reasons = zh_ ? "未满足：" : "not met: ";
    if (stays_) reasons_of(why, reasons);
    for (const Hold& hold : why.holds) line("", held(hold));
    if (!stays_) reasons_of(why, reasons);
    for (const BetterClass& better : why.better) bring(better);
    coming(why);
    if (why.to_stay) stay(*why.to_stay);
    if (!why.unknown.empty()) {
      std::string names;
      for (const std::string& name : why.unknown) names += (names.empty() ? "" : ", ") + name;
      line(zh_ ? "未知：" : "unknown: ", names);
    }
    return std::move(out_);
  }

 private:
  void reasons_of(const ClassExplanation& why, const char* before) {
    for (const Reason& reason : why.reasons) line(before, condition(reason));
  }
  void line(std::string_view before, std::string_view text) {
    out_.append(before).append(text).push_back('\n');
  }
  // Instants come again: classes are lost together.
  const std::string& when(Micros t) const {
    if (when_.empty() || said_ != t) when_ = local_text(policy_.zone, t);
    said_ = t;
    return when_;
  }
  std::string_view language() const { return zh_ ? "zh" : "en"; }
  std::string named(std::string_view name) const {
    return std::string(label_of(what_, name, language()));
  }
  std::string listed(const std::vector<std::string_view>& names) const {
    std::string out;
    for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + named(name);
    return out;
  }

  void classes(const ClassExplanation& why) {
    const std::string name(why.label);
    if (why.classes.empty()) {
      line("", name + (zh_ ? "：无" : ": none"));
    } else {
      std::string text = name + (zh_ ? "：" : ": ") + listed(why.classes);
      if (why.since) {
        text += zh_ ? "，自 " + when(*why.since) + " 起" : " since " + when(*why.since);
      }
      line("", text);
    }
    if (!why.own.empty()) {
      line(zh_ ? "按规则应为：" : "by the rules alone: ", named(why.own));
    }
  }

  std::string seat_in(std::string_view name) const {
    return zh_ ? named(name) + "的名额" : "a seat in " + named(name);
  }

  // "spend >= 1000 (1200.00 EUR)".
  std::string condition(const Reason& reason) const {
    std::string_view more = reason.left;
    if (!reason.holds && reason.part != "score" && reason.part != "seat") {
      more = zh_ ? "未知" : "unknown";
    } else if (more.empty() && reason.holds) {
      more = *reason.holds ? (zh_ ? "是" : "yes") : (zh_ ? "否" : "no");
    }
    const std::string text = reason.part == "seat" ? seat_in(reason.of) : reason.text;
    if (more.empty()) return text;
    if (more == "(personal)") more = zh_ ? "个人信息" : "personal";
    return joined({text, zh_ ? "（" : " (", more, zh_ ? "）" : ")"});
  }

  std::string held(const Hold& hold) const {
    const std::string until = hold.until ? when(*hold.until) : "";
    const auto text = [&](const char* en, const char* zh) {
      std::string out = zh_ ? zh : en;
      if (!hold.of.empty()) out += (zh_ ? "：" : ": ") + named(hold.of);
      if (hold.until) out += zh_ ? "，至 " + until : ", until " + until;
      if (!hold.author.empty()) out += (zh_ ? "，经手人 " : ", by ") + hold.author;
      if (!hold.reason.empty()) out += (zh_ ? "，原因：" : ", reason: ") + hold.reason;
      return out;
    };
    if (hold.what == "min_dwell") return text("stays at least", "最短停留");
    if (hold.what == "grace") return text("in grace", "宽限期");
    if (hold.what == "leave_at") return text("leaves at the boundary", "到期日才离开");
    if (hold.what == "cool_down") return text("cannot come back", "冷却期内不能回到");
    if (hold.what == "cap")
      return text("no way up after so many moves down", "降级次数已达上限，暂不能升级");
    if (hold.what == "pin") return text("pinned by hand", "人工指定");
    if (hold.what == "hold") return text("held by hand", "人工冻结");
    if (hold.what == "ceiling") return text("no better by hand", "人工上限");
    if (hold.what == "floor") return text("no worse by hand", "人工下限");
    return text("has a seat", "占有名额");
  }

  std::string needed(const MissingCondition& missing, bool then = false) const {
    std::string text = missing.condition.text;
    if (missing.condition.part == "seat") {
      text = seat_in(missing.condition.of);
      const std::string taken = missing.condition.left, seats = missing.condition.right;
      text += zh_ ? "（已占 " + taken + "/" + seats + "；名额只在校准时发放"
                  : " (" + taken + " of " + seats + " taken; seats are given at calibrations alone";
      if (!missing.not_before) text += zh_ ? "，尚无预定的校准" : ", of which none is scheduled";
      return text + (zh_ ? "）" : ")");
    }
    if (!missing.wanted) text = zh_ ? "不再 " + text : "not " + text;
    if (!missing.more.empty()) {
      const std::string_view is = (zh_ ? (then ? "届时为 " : "现为 ") : then ? "then " : "now ");
      return zh_ ? joined(
                       {"还差 ", missing.more, "（", text, "，", is, missing.condition.left, "）"})
                 : joined({missing.more, " more (", text, ", ", is, missing.condition.left, ")"});
    }
    std::string now = condition(missing.condition).substr(missing.condition.text.size());
    text += now;
    if (missing.not_before) {
      text += zh_ ? "，不早于 " + when(*missing.not_before)
                  : ", not before " + when(*missing.not_before);
    }
    return text;
  }

  void bring(const BetterClass& better) {
    std::string all;
    for (const MissingCondition& missing : better.missing) {
      if (!all.empty()) all += zh_ ? "；" : "; ";
      all += needed(missing);
    }
    const std::string name = joined({better.label, zh_ ? "：" : ": "});
    switch (better.how) {
      case Attainable::kByFacts:
        if (better.before) {
          all +=
              zh_ ? "，须在 " + when(*better.before) + " 之前" : ", before " + when(*better.before);
        }
        return line(name, all);
      case Attainable::kByTime:
        return line(name,
                    zh_ ? when(*better.at) + " 自动达到" : "by itself at " + when(*better.at));
      case Attainable::kNotBefore:
        all = all.empty() ? "" : (zh_ ? "：" : ": ") + all;
        return line(name,
                    (zh_ ? "不早于 " + when(*better.at) : "not before " + when(*better.at)) + all);
      case Attainable::kNotAttainable:
        all = all.empty() ? "" : (zh_ ? "：" : ": ") + all;
        return line(name, (zh_ ? "无法达到" : "not attainable") + all);
      case Attainable::kNoSeat: {
        const bool full = better.missing.front().condition.distance.value_or(0) <= 0;
        const char* en = full ? "qualifies, and no seat is free: " : "qualifies, and has no seat: ";
        const char* zh = full ? "符合条件，但名额已满：" : "符合条件，但尚未获得名额：";
        return line(name, (zh_ ? zh : en) + all);
      }
      case Attainable::kNotDecided:
        all = all.empty() ? "" : (zh_ ? "；不满足：" : "; what fails: ") + all;
        return line(name, (zh_ ? "未能判定" : "not decided") + all);
    }
  }

  void stay(const BetterClass& what) {
    std::string all;
    for (const MissingCondition& missing : what.missing) {
      all += (all.empty() ? "" : zh_ ? "；" : "; ") + needed(missing, true);
    }
    const std::string until = when(*what.before);
    const std::string label(what.label);
    line("", zh_ ? "保持 " + label + "：" + all + "，须在 " + until + " 之前"
                 : "to stay " + label + ": " + all + ", before " + until);
  }

  void coming(const ClassExplanation& why) {
    if (!why.next) {
      if (unchanged_ < kEndTime) {
        line("", zh_ ? "如无新事实，" + when(unchanged_) + " 之前不变"
                     : "if nothing happens, no change before " + when(unchanged_));
      }
      return;
    }
    const ComingChange& next = *why.next;
    std::string text =
        zh_ ? "如无新事实，" + when(next.at) : "if nothing happens, " + when(next.at);
    const std::string to = next.to.empty() ? (zh_ ? "无" : "none") : named(next.to);
    if (why.kind == ClassificationKind::kFlags && next.to.empty()) {
      text += (zh_ ? " 离开 " : " leaves ") + named(next.from);
    } else if (why.kind == ClassificationKind::kFlags) {
      text += (zh_ ? " 进入 " : " enters ") + to;
    } else {
      text += (zh_ ? " 变为 " : " becomes ") + to;
    }
    std::string met, unmet;  // what she comes into by, and what of the class she leaves fails
    for (const Reason& reason : next.because) {
      std::string& all = reason.holds.value_or(reason.part == "score") ? met : unmet;
      all += (all.empty() ? "" : zh_ ? "；" : "; ") + condition(reason);
    }
    if (!met.empty()) text += (zh_ ? "：" : ": ") + met;
    if (!unmet.empty()) text += (zh_ ? "：未满足：" : ": not met: ") + unmet;
    line("", text);
  }

  const PolicyData& policy_;
  const PolicyClassificationData& what_;
  bool zh_, stays_;
  Micros unchanged_;
  std::string out_;
  mutable Micros said_ = 0;  ///< by when_
  mutable std::string when_;
};

}  // namespace

void label_explanation(const PolicyClassificationData& what, std::string_view language,
                       ClassExplanation& why) {
  if (!what.labels.empty()) why.label = words_in(what.labels, language);
  if (why.to_stay) why.to_stay->label = label_of(what, why.to_stay->name, language);
  for (BetterClass& better : why.better) better.label = label_of(what, better.name, language);
}

std::string explanation_text(const ClassExplanation& why, const PolicyData& policy,
                             ExplainLanguage language, const ExplanationFrame& frame) {
  const auto what = std::find_if(
      policy.classifications.begin(), policy.classifications.end(),
      [&](const PolicyClassificationData& one) { return one.seen.name == why.classification; });
  return Teller(policy, *what, language == ExplainLanguage::kChinese, frame).tell(why);
}

}  // namespace patron::internal
