// Tree: a JSON value that can be changed: for policies that are made up, cut down and written out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace patron::oracle {

struct Tree {
  struct Member;
  enum class Is : uint8_t { kNull, kBool, kInt, kReal, kText, kList, kObject };

  Is is = Is::kNull;
  bool truth = false;
  int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<Member> members;  ///< of a list without names

  static Tree of(bool value);
  static Tree of(int64_t value);
  static Tree of(int value);
  static Tree of(double value);
  static Tree of(std::string value);
  static Tree of(const char* value);
  static Tree list();
  static Tree object();

  /// The member of that name; null where there is none.
  const Tree* find(std::string_view name) const;
  std::string_view text_of(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  double number() const;

  template <typename T>
  Tree& set(std::string name, T value);
  template <typename T>
  Tree& add(T value) {
    return set({}, std::move(value));
  }

  std::string write() const;
  /// Throws std::runtime_error for what is no JSON.
  static Tree read(std::string_view json);
};

struct Tree::Member {
  std::string name;
  Tree value;
};

template <typename T>
Tree& Tree::set(std::string name, T value) {
  if constexpr (std::is_same_v<T, Tree>) {
    members.push_back({std::move(name), std::move(value)});
  } else {
    members.push_back({std::move(name), of(std::move(value))});
  }
  return *this;
}

}  // namespace patron::oracle
