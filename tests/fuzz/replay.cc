// Runs a fuzzer without libFuzzer: over every file of a folder, and over seeded mutations of each.
//
//   json_fuzz tests/fuzz/corpus/json_fuzz 12000
//
// The number is that of the mutations in all, which PATRON_CASES multiplies. A failure aborts; the
// last line names the input.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Bytes = std::vector<uint8_t>;

// One to four small changes: a flipped bit, an edge value, a removed, repeated or foreign piece.
Bytes mutate(Bytes bytes, const Bytes& other, std::mt19937_64& random) {
  static constexpr uint8_t kEdges[] = {0, 1, 0x7f, 0x80, 0xff, '"', '\\', '{', '[', '-', '9', '.'};
  const auto below = [&](size_t n) { return n == 0 ? size_t{0} : random() % n; };
  for (size_t changes = 1 + below(4); changes > 0; changes--) {
    const size_t at = below(bytes.size());
    const size_t length = below(std::min<size_t>(bytes.size() - at, 16) + 1);
    const auto here = bytes.begin() + static_cast<ptrdiff_t>(at);
    const auto end = here + static_cast<ptrdiff_t>(length);
    switch (below(5)) {
      case 0:
        if (!bytes.empty()) bytes[at] ^= static_cast<uint8_t>(1u << below(8));
        break;
      case 1:
        if (!bytes.empty()) bytes[at] = kEdges[below(std::size(kEdges))];
        break;
      case 2:
        bytes.erase(here, end);
        break;
      case 3: {
        const Bytes piece(here, end);
        bytes.insert(here, piece.begin(), piece.end());
        break;
      }
      default: {
        const size_t from = below(other.size());
        const size_t count = below(other.size() - from + 1);
        const auto begin = other.begin() + static_cast<ptrdiff_t>(from);
        bytes.insert(here, begin, begin + static_cast<ptrdiff_t>(count));
      }
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (corpus.empty()) {
    std::printf("%s: no files\n", argv[1]);
    return 1;
  }
  const char* factor = std::getenv("PATRON_CASES");
  const double all = std::atof(argv[2]) * (factor != nullptr ? std::atof(factor) : 1.0);
  const int rounds = 1 + static_cast<int>(all / static_cast<double>(corpus.size()));
  for (size_t k = 0; k < corpus.size(); k++) {
    std::fprintf(stderr, "%s\n", paths[k].filename().c_str());
    LLVMFuzzerTestOneInput(corpus[k].data(), corpus[k].size());
    std::mt19937_64 random(k + 1);
    for (int round = 0; round < rounds; round++) {
      const Bytes input = mutate(corpus[k], corpus[random() % corpus.size()], random);
      LLVMFuzzerTestOneInput(input.data(), input.size());
    }
  }
  std::printf("%zu files, %d mutations of each\n", corpus.size(), rounds);
  return 0;
}
