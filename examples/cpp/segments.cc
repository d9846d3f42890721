// Segment tables: a published one, its linter, and a table of one's own.
#include <patron/segments.h>

#include <iostream>

int main() {
  // Which name do the scores get?
  const patron::SegmentTable eleven = *patron::SegmentTable::named("eleven");
  const patron::SegmentRow& row = eleven.rows()[eleven.segment_of({5, 4, 5})];
  std::cout << row.name << ", " << row.label_zh << '\n';  // Champions, 冠军客户

  // What is wrong with a table found in print?
  const patron::SegmentTable putler = *patron::SegmentTable::named("putler");
  const patron::SegmentLint lint = putler.lint();
  std::cout << lint.cells << " cells, " << lint.gaps << " gaps, " << lint.overlaps << " overlaps\n";
  for (const auto& finding : lint.findings) {
    if (finding.kind != patron::SegmentLint::Finding::Kind::kUnreachable) continue;
    std::cout << putler.rows()[finding.row].name << " is hidden by "
              << putler.rows()[finding.other].name << '\n';
  }

  // A table of one's own, for three scores an axis.
  constexpr const char* kRows = R"([
    {"name": "VIP", "codes": [333, 332]},
    {"name": "Active", "r": [2, 3]},
    {"name": "Others"}
  ])";
  const patron::Result<patron::SegmentTable> own = patron::SegmentTable::parse(kRows, 3);
  if (!own.ok()) {
    std::cerr << own.status().message() << '\n';
    return 1;
  }
  std::cout << own->rows()[own->segment_of({2, 3, 3})].name << '\n';  // Active

  // A mistake is named with its row and what would be right.
  const auto wrong = patron::SegmentTable::parse(R"([{"name": "Loyal", "r": [4, 2]}])");
  std::cout << wrong.status().message() << '\n';
  // row 0 "Loyal": r is 4 to 2; write the lower bound first

  const bool good = row.name == "Champions" && lint.overlaps == 30 &&
                    own->segment_of({2, 3, 3}) == 1 && !wrong.ok();
  return good ? 0 : 1;
}
