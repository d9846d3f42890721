// Explanations as people read them, in English and Chinese.
#include <algorithm>
#include <string>

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

class Teller {
 public:
  Teller(const PolicyData& policy, bool chinese, const ExplanationFrame& frame)
      : policy_(policy), zh_(chinese), stays_(frame.stays), unchanged_(frame.unchanged_until) {}

  std::string tell(const ClassExplanation& why) {
    classes(why);
    const char* reasons = zh_ ? "依据：" : "because ";
    if (!stays_) reasons = zh_ ? "未满足：" : "not met: ";
    if (stays_) reasons_of(why, reasons);
    for (const Hold& hold : why.holds) line("", held(hold));
    if (!stays_) reasons_of(why, reasons);
    for (const BetterClass& better : why.better) bring(why, better);
    coming(why);
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
  void line(const std::string& before, const std::string& text) { out_ += before + text + '\n'; }
  std::string when(Micros t) const { return local_text(policy_.zone, t); }
  static std::string listed(const std::vector<std::string_view>& names) {
    std::string out;
    for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
  }

  void classes(const ClassExplanation& why) {
    const std::string name(why.classification);
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
      line(zh_ ? "按规则应为：" : "by the rules alone: ", std::string(why.own));
    }
  }

  // "spend >= 1000 (1200.00 EUR)".
  std::string condition(const Reason& reason) const {
    std::string text = reason.text;
    const std::string held = reason.left.empty() ? "" : reason.left;
    std::string more = held;
    if (!reason.holds && reason.part != "score" && reason.part != "seat") {
      more = zh_ ? "未知" : "unknown";
    } else if (held.empty() && reason.holds) {
      more = *reason.holds ? (zh_ ? "是" : "yes") : (zh_ ? "否" : "no");
    }
    if (more.starts_with('(')) return text + ' ' + more;  // "(personal)"
    if (!more.empty()) text += zh_ ? "（" + more + "）" : " (" + more + ")";
    return text;
  }

  std::string held(const Hold& hold) const {
    const std::string until = hold.until ? when(*hold.until) : "";
    const auto text = [&](const char* en, const char* zh) {
      std::string out = zh_ ? zh : en;
      if (!hold.of.empty()) out += (zh_ ? "：" : ": ") + hold.of;
      if (hold.until) out += zh_ ? "，至 " + until : ", until " + until;
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

  std::string needed(const MissingCondition& missing) const {
    std::string text = missing.condition.text;
    if (missing.condition.part == "seat") {
      const std::string taken = missing.condition.left, seats = missing.condition.right;
      text += zh_ ? "（已占 " + taken + "/" + seats + "；名额只在校准时发放"
                  : " (" + taken + " of " + seats + " taken; seats are given at calibrations alone";
      if (!missing.not_before) text += zh_ ? "，尚无预定的校准" : ", of which none is scheduled";
      return text + (zh_ ? "）" : ")");
    }
    if (!missing.wanted) text = zh_ ? "不再 " + text : "not " + text;
    if (!missing.more.empty()) {
      return zh_ ? "还差 " + missing.more + "（" + text + "，现为 " + missing.condition.left + "）"
                 : missing.more + " more (" + text + ", now " + missing.condition.left + ")";
    }
    std::string now = condition(missing.condition).substr(missing.condition.text.size());
    text += now;
    if (missing.not_before) {
      text += zh_ ? "，不早于 " + when(*missing.not_before)
                  : ", not before " + when(*missing.not_before);
    }
    return text;
  }

  void bring(const ClassExplanation& why, const BetterClass& better) {
    std::string all;
    for (const MissingCondition& missing : better.missing) {
      all += (all.empty() ? "" : zh_ ? "；" : "; ") + needed(missing);
    }
    const std::string name = std::string(better.name) + (zh_ ? "：" : ": ");
    (void)why;
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
    const std::string to(next.to.empty() ? (zh_ ? "无" : "none") : std::string(next.to));
    if (why.kind == ClassificationKind::kFlags && next.to.empty()) {
      text += (zh_ ? " 离开 " : " leaves ") + std::string(next.from);
    } else if (why.kind == ClassificationKind::kFlags) {
      text += (zh_ ? " 进入 " : " enters ") + to;
    } else {
      text += (zh_ ? " 变为 " : " becomes ") + to;
    }
    std::string because;
    for (const Reason& reason : next.because) {
      because += (because.empty() ? "" : zh_ ? "；" : "; ") + condition(reason);
    }
    if (!because.empty()) text += (zh_ ? "：" : ": ") + because;
    line("", text);
  }

  const PolicyData& policy_;
  bool zh_, stays_;
  Micros unchanged_;
  std::string out_;
};

}  // namespace

std::string explanation_text(const ClassExplanation& why, const PolicyData& policy,
                             ExplainLanguage language, const ExplanationFrame& frame) {
  return Teller(policy, language == ExplainLanguage::kChinese, frame).tell(why);
}

}  // namespace patron::internal
