// CalendarQueue: what is to happen when, earliest first, where most of it is pushed once and taken
// once, and much of it is void by then.
//
//   CalendarQueue<Due> due;
//   due.ready(t), due.push({t, row});                 // ready() takes all the memory
//   Micros next = due.first(live);                    // kEndTime: nothing
//   due.take(next, live, taken);                      // everything of that instant
//
// Far entries lie unordered in buckets of some hours; the bucket that comes next is put in order
// when its time has come, without those that are not live any more; what is pushed into its time
// afterwards lies in a heap, and where much of it is left when nothing else is, it is put in order
// too. So a push is an append, and an entry that is void costs nothing more.
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "lib/base/radix_sort.h"
#include "patron/time.h"

namespace patron::internal {

/// An Entry is a plain struct with an instant `at` and a `row`. What is pushed twice comes twice.
/// `live` says of an entry whether it is not void. It may also have a fetch(entry), which brings
/// what it will look at into the cache: each of the thousands of entries of a bucket may need
/// memory elsewhere.
template <typename Entry>
class CalendarQueue {
 public:
  /// Room for `more` entries of that instant. Strong guarantee.
  void ready(Micros at, size_t more = 1) {
    if (bucket_of(at) <= open_) {
      grow(added_, more + taken_);
      return;
    }
    make_room(far_list(bucket_of(at)), more);
  }
  /// Whether room for entries of one of two instants is room for those of the other.
  bool together(Micros a, Micros b) const {
    return bucket_of(a) == bucket_of(b) || std::max(bucket_of(a), bucket_of(b)) <= open_;
  }
  /// Of an instant for which there is room. Does not fail.
  void push(const Entry& entry) {
    ++size_;
    if (bucket_of(entry.at) <= open_) {
      added_.push_back(entry);
      std::push_heap(added_.begin(), added_.end(), later);
    } else if (const Known& known = known_of(bucket_of(entry.at));
               known.list != nullptr && known.bucket == bucket_of(entry.at)) {
      known.list->last.push_back(entry);
    } else {
      far_.find(bucket_of(entry.at))->second.last.push_back(entry);
    }
  }

  /// The instant of the first entry that is live; those before it that are not are dropped. Opens
  /// the next bucket where nothing is near. Does not fail.
  template <typename Live>
  Micros first(const Live& live) {
    for (;;) {
      if (next_ == near_.size() && added_.size() >= kManyAdded) put_added_in_order();
      while (next_ < near_.size() && !live(near_[next_])) ++next_, --size_;
      while (!added_.empty() && !live(added_.front())) drop_added();
      const Micros a = next_ < near_.size() ? near_[next_].at : kEndTime;
      const Micros b = added_.empty() ? kEndTime : added_.front().at;
      if (a < kEndTime || b < kEndTime) return std::min(a, b);
      if (!open_next(live)) return kEndTime;
    }
  }

  /// Adds the live entries of an instant, the earliest there is, to `out`. Until finish() they can
  /// be given back. Does a part where memory runs out: what is in `out` is taken.
  template <typename Live>
  void take(Micros t, const Live& live, std::vector<Entry>& out) {
    if (first(live) != t) return;  // what is of that instant is near now
    for (; next_ < near_.size() && near_[next_].at == t; ++next_, --size_) {
      fetch_ahead(live, near_, next_);
      if (live(near_[next_])) keep(near_[next_], out);
    }
    for (; !added_.empty() && added_.front().at == t; drop_added()) {
      if (live(added_.front())) keep(added_.front(), out);
    }
  }
  /// The entry of that instant, the earliest there is, where it is alone; else null. Good until the
  /// queue is changed.
  template <typename Live>
  const Entry* alone(Micros t, const Live& live) const {
    const bool near = next_ < near_.size() && near_[next_].at == t;
    const bool added = !added_.empty() && added_.front().at == t;
    if (near == added) return nullptr;
    if (added) {
      const size_t n = added_.size();
      const bool more = (n > 1 && added_[1].at == t) || (n > 2 && added_[2].at == t);
      return more || !live(added_.front()) ? nullptr : &added_.front();
    }
    const bool more = next_ + 1 < near_.size() && near_[next_ + 1].at == t;
    return more || !live(near_[next_]) ? nullptr : &near_[next_];
  }
  /// Removes the entry of that instant that alone() gave; later ones may have been pushed since.
  /// Does not fail.
  void drop(Micros t) {
    if (next_ < near_.size() && near_[next_].at == t) {
      ++next_, --size_;
    } else {
      drop_added();
    }
  }
  /// Removes all entries until an instant, by time and row, while `each` says true of them. What it
  /// said false of, or threw at, stays, and so does all that is later. `each` is given the entry
  /// that comes some places later too, where that is known: to fetch what it will need.
  template <typename Live, typename Each>
  void take_while(Micros until, size_t ahead, const Live& live, const Each& each) {
    while (first(live) <= until) {
      const auto sooner_than_added = [this](const Entry& entry) {
        return added_.empty() || !earlier(added_.front(), entry);
      };
      for (; next_ < near_.size() && near_[next_].at <= until; ++next_, --size_) {
        if (!sooner_than_added(near_[next_])) break;
        if (live(near_[next_]) && !each(near_[next_], coming(ahead))) return;
      }
      if (added_.empty() || added_.front().at > until) continue;
      if (live(added_.front()) && !each(added_.front(), nullptr)) return;
      drop_added();
    }
  }
  /// Puts an entry that was taken in its place again. Does not fail.
  void give_back(const Entry& entry) {
    --taken_;
    ++size_;
    added_.push_back(entry);
    std::push_heap(added_.begin(), added_.end(), later);
  }
  /// What was taken is done with.
  void finish() { taken_ = 0; }

  /// Entries that there are, those that are not live among them.
  size_t size() const { return size_; }
  /// Bytes of all of them.
  size_t bytes() const {
    size_t entries = near_.capacity() + added_.capacity();
    entries += known_.capacity() * sizeof(Known) / sizeof(Entry);
    for (const auto& [bucket, list] : far_) {
      entries += (kNode + list.full.capacity() * sizeof(Block)) / sizeof(Entry);
      list.for_each_block([&](const Block& block) { entries += block.capacity(); });
    }
    return entries * sizeof(Entry);
  }
  /// Every entry, in no order.
  template <typename Each>
  void for_each(const Each& each) const {
    for (size_t i = next_; i < near_.size(); ++i) each(near_[i]);
    for (const Entry& entry : added_) each(entry);
    for (const auto& [bucket, list] : far_) {
      list.for_each_block([&](const Block& block) {
        for (const Entry& entry : block) each(entry);
      });
    }
  }
  /// Every entry that is not later than an instant, in no order. Cost: linear in those, and in what
  /// lies in the buckets that they lie in.
  template <typename Each>
  void for_each_until(Micros until, const Each& each) const {
    for (size_t i = next_; i < near_.size() && near_[i].at <= until; ++i) each(near_[i]);
    for (const Entry& entry : added_) {
      if (entry.at <= until) each(entry);
    }
    for (auto it = far_.begin(); it != far_.end() && it->first <= bucket_of(until); ++it) {
      it->second.for_each_block([&](const Block& block) {
        for (const Entry& entry : block) {
          if (entry.at <= until) each(entry);
        }
      });
    }
  }
  /// Removes entries; `is` is asked once of each. Does not fail. Cost: linear in all entries.
  template <typename Is>
  void erase_if(const Is& is) {
    near_.erase(near_.begin(), near_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = 0;
    std::erase_if(near_, is);
    std::erase_if(added_, is);
    std::make_heap(added_.begin(), added_.end(), later);
    size_ = near_.size() + added_.size();
    for (auto it = far_.begin(); it != far_.end();) {
      Bucket& list = it->second;
      for (Block& block : list.full) std::erase_if(block, is);
      std::erase_if(list.last, is);
      std::erase_if(list.full, [](const Block& block) { return block.empty(); });
      const size_t left = list.count();
      size_ += left;
      it = left == 0 ? far_.erase(it) : std::next(it);
    }
    last_ = Known();
    std::fill(known_.begin(), known_.end(), Known());
  }

  /// The entry that comes `ahead` after the next, as far as they are in order: null where that is
  /// not known. To fetch what it will need.
  const Entry* coming(size_t ahead) const {
    return next_ + ahead < near_.size() ? &near_[next_ + ahead] : nullptr;
  }

 private:
  static constexpr int kBucketBits = 36;    // 19 hours
  static constexpr size_t kManyAdded = 16;  // entries from which on put_added_in_order() pays
  static constexpr size_t kFewFar = 16;     // buckets that the map finds as fast as known_
  static constexpr size_t kKnown = 512;     // buckets: more than a year

  // The entries of a far bucket. What lies in a block stays there: no block of more than a few
  // grows, so that the buckets of a year, which fill side by side, are not copied side by side.
  using Block = std::vector<Entry>;
  struct Bucket {
    std::vector<Block> full;
    Block last;  // in which there is room

    template <typename Each>
    void for_each_block(const Each& each) const {
      for (const Block& block : full) each(block);
      each(last);
    }
    size_t count() const {
      size_t out = last.size();
      for (const Block& block : full) out += block.size();
      return out;
    }
  };
  static constexpr size_t kBlock = 512;  // entries
  // Of the map, with what the allocator adds.
  static constexpr size_t kNode = 6 * sizeof(void*) + sizeof(std::pair<const int64_t, Bucket>);

  // Where the list of a far bucket is, which a look in far_ would find.
  struct Known {
    int64_t bucket = 0;
    Bucket* list = nullptr;
  };

  static int64_t bucket_of(Micros at) { return at >> kBucketBits; }
  // Objects, not functions: algorithms inline them.
  static constexpr auto earlier = [](const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at < b.at : a.row < b.row;
  };
  static constexpr auto later = [](const Entry& a, const Entry& b) { return earlier(b, a); };
  template <typename T>
  static void grow(std::vector<T>& list, size_t more) {
    if (list.capacity() - list.size() < more) move_to_more(list, more);
  }
  template <typename T>
  [[gnu::noinline]] static void move_to_more(std::vector<T>& list, size_t more) {
    list.reserve(std::max(list.capacity() * 2, list.size() + more));
  }
  // A bucket of more than one block is opened in near_, where there is room for all of it.
  void make_room(Bucket& list, size_t more) {
    Block& last = list.last;
    if (last.capacity() - last.size() >= more) return;
    if (last.capacity() < kBlock) return grow(last, more);
    const size_t wanted = list.count() + std::max(more, kBlock);
    if (near_.capacity() < wanted) near_.reserve(std::max(2 * near_.capacity(), wanted));
    grow(list.full, 1);
    Block next;
    next.reserve(std::max(more, kBlock));
    list.full.push_back(std::move(last));
    last = std::move(next);
  }

  Known& known_of(int64_t bucket) {
    return known_.empty() ? last_ : known_[static_cast<size_t>(bucket) % kKnown];
  }
  // Makes it where there is none. Strong guarantee.
  Bucket& far_list(int64_t bucket) {
    if (known_.empty() && far_.size() > kFewFar) known_.resize(kKnown);
    Known& known = known_of(bucket);
    if (known.list != nullptr && known.bucket == bucket) return *known.list;
    Bucket& list = far_[bucket];
    known = {bucket, &list};
    return list;
  }

  void keep(Entry entry, std::vector<Entry>& out) {
    grow(out, 1);
    grow(added_, taken_ + 1);
    ++taken_;
    out.push_back(entry);
  }

  void drop_added() {
    std::pop_heap(added_.begin(), added_.end(), later);
    added_.pop_back();
    --size_;
  }

  // Nothing is near. What was added is what is near from now on, so that it is known who comes
  // after whom (coming()), unless that would take room that make_room(), ready() or keep() has
  // made: near_ never becomes smaller. Does not fail.
  void put_added_in_order() {
    if (taken_ > 0) return;
    const bool fits = near_.capacity() >= added_.size();
    if (!fits && near_.capacity() < added_.capacity() - added_.size()) return;
    near_.clear();
    next_ = 0;
    if (fits) {
      near_.insert(near_.end(), added_.begin(), added_.end());
      added_.clear();
    } else {
      near_.swap(added_);
    }
    put_in_order(near_);
  }

  // Fetches what live() will look at, of the entry that comes some places after the i-th.
  template <typename Live>
  static void fetch_ahead(const Live& live, const Block& block, size_t i) {
    constexpr size_t kAhead = 16;
    if constexpr (requires { live.fetch(block[i]); }) {
      if (i + kAhead < block.size()) live.fetch(block[i + kAhead]);
    }
  }

  // Calls with what is live of a block, in its order.
  template <typename Live, typename Each>
  static void for_each_live(const Live& live, const Block& block, const Each& each) {
    for (size_t i = 0; i < block.size(); ++i) {
      fetch_ahead(live, block, i);
      if (live(block[i])) each(block[i]);
    }
  }

  // What is live of a bucket becomes what is near. Does not fail: make_room() has made room for
  // what is more than a block, and near_ never becomes smaller.
  template <typename Live>
  void gather(const Live& live, Bucket& list) {
    near_.clear();
    next_ = 0;
    size_ -= list.count();
    if (list.full.empty() && near_.capacity() < list.last.size()) {
      near_.swap(list.last);
    } else {
      list.for_each_block(
          [&](const Block& block) { near_.insert(near_.end(), block.begin(), block.end()); });
    }
    size_t kept = 0;
    for_each_live(live, near_, [&](const Entry& entry) { near_[kept++] = entry; });
    near_.resize(kept);
    size_ += near_.size();
  }

  // Nothing is near.
  template <typename Live>
  bool open_next(const Live& live) {
    while (!far_.empty()) {
      const auto next = far_.begin();
      gather(live, next->second);
      open_ = next->first;
      if (Known& known = known_of(open_); known.bucket == open_) known = Known();
      far_.erase(next);
      if (near_.empty()) continue;
      put_in_order(near_);
      return true;
    }
    return false;
  }

  // Where a list that begins at `from` is no run upwards or downwards any more.
  template <typename At>
  static At end_of_run(At from, At end) {
    const At up = std::is_sorted_until(from, end, earlier);
    return up - from > 1 ? up : std::is_sorted_until(from, end, later);
  }

  static constexpr size_t kMostRuns = 8;
  // Where the runs of a list end, behind a zero.
  struct Runs {
    std::array<std::ptrdiff_t, kMostRuns + 1> ends{};
    size_t count = 0;
  };

  // What came in a few runs, upwards or downwards, is merged, and what lies unordered between long
  // ones is sorted for itself; where there are many, all is sorted.
  static void put_in_order(std::vector<Entry>& list) {
    Runs runs;
    if (!find_runs(list, runs)) return sort(list);
    order_runs(list, runs);
    merge_runs(list, runs);
  }

  // False where there are too many.
  static bool find_runs(std::vector<Entry>& list, Runs& runs) {
    constexpr std::ptrdiff_t kShort = 64;  // runs that are no better than what is unordered
    bool unordered = false;                // the last of them
    for (auto from = list.begin(), to = from; from != list.end(); from = to) {
      to = end_of_run(from, list.end());
      const bool is_short = to - from < kShort;
      if (!(is_short && unordered)) ++runs.count;
      if (runs.count > kMostRuns) return false;
      runs.ends[runs.count] = to - list.begin();
      unordered = is_short;
    }
    return true;
  }

  // Many by their numbers, where there is memory for that.
  static void sort(std::span<Entry> list) {
    const std::unique_ptr<Entry[]> memory(
        list.size() < kRadixSortFrom ? nullptr : new (std::nothrow) Entry[list.size()]);
    if (memory == nullptr) return std::sort(list.begin(), list.end(), earlier);
    const std::span<Entry> scratch(memory.get(), list.size());
    radix_sort(list, scratch, [](const Entry& entry) { return entry.row; });
    radix_sort(list, scratch, [](const Entry& entry) {
      return static_cast<uint64_t>(entry.at) ^ uint64_t { 1 } << 63;
    });
  }

  // Each upwards.
  static void order_runs(std::vector<Entry>& list, const Runs& runs) {
    for (size_t k = 0; k < runs.count; ++k) {
      const auto from = list.begin() + runs.ends[k], to = list.begin() + runs.ends[k + 1];
      if (end_of_run(from, to) != to) {
        sort({from, to});
      } else if (to - from > 1 && later(*from, *(to - 1))) {
        std::reverse(from, to);
      }
    }
  }

  static void merge_runs(std::vector<Entry>& list, const Runs& runs) {
    for (size_t width = 1; width < runs.count; width *= 2) {
      for (size_t k = 0; k + width < runs.count; k += 2 * width) {
        const size_t end = std::min(k + 2 * width, runs.count);
        std::inplace_merge(list.begin() + runs.ends[k], list.begin() + runs.ends[k + width],
                           list.begin() + runs.ends[end], earlier);
      }
    }
  }

  std::vector<Entry> near_;  // in order, from next_ on: what was in the bucket, or was added
  size_t next_ = 0;
  std::vector<Entry> added_;  // pushed since into the open bucket or before it: a heap
  std::map<int64_t, Bucket> far_;
  int64_t open_ = std::numeric_limits<int64_t>::min();
  Known last_;                // while there are few buckets
  std::vector<Known> known_;  // by their last bits
  size_t size_ = 0;
  size_t taken_ = 0;  // since finish()
};

}  // namespace patron::internal
