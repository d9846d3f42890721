// Driver: hands the calls of a case to an engine, as a host would.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/book/layout.h"
#include "patron/engine.h"
#include "tests/engine/oracle/case.h"
#include "tests/engine/oracle/oracle.h"

namespace patron::oracle {

class Driver {
 public:
  Driver(const Policy& policy, const Rules& rules, const EngineOptions& options = {});

  /// Throws std::runtime_error with the engine's message where it refuses.
  /// Whether all are taken: of referrals some may be refused.
  bool add(const std::string& stream, const std::vector<Row>& rows, bool quiet);
  void set(const Row& row, bool quiet);
  void claim(const Row& row);
  void remove(const std::string& stream, const std::vector<Row>& rows, bool quiet);
  void advance(Micros to);
  /// A link, an unlink, an override: false where the engine refuses it.
  bool command(const Call& call);
  bool link(const std::string& first, const std::string& second);
  /// As Oracle::learn.
  bool learn(const Tree& constants);

  /// All moves so far, in the order in which they came.
  std::vector<Move> moves() const;
  std::vector<Move> forecast(Micros until) const;
  /// What a publication would move; nothing where it is refused.
  std::optional<std::vector<Move>> compared(const Call& call) const;
  /// As Oracle::profile, with what each name is.
  std::map<std::string, Value> profile(const std::string& customer) const;
  /// The same of everybody at once, from the table: what is no set.
  std::map<std::string, std::map<std::string, Value>> profiles(
      const ProfilesOptions& options = {}) const;
  /// The same engine, saved and read again.
  void reload();
  Driver copy() const;
  ClassExplanation explain(const std::string& customer, const std::string& classification) const;

  CustomerId id(const std::string& text) const;
  /// Who stands for an id; nobody for one that is not known.
  std::string survivor(const std::string& of) const;
  /// The event of a row, with all columns of its stream.
  Event event(const std::string& stream, const Row& row) const;

  Engine engine;

 private:
  Driver(Engine of, const Rules& rules) : engine(std::move(of)), rules_(rules) {}
  const internal::StreamLayout& layout(const std::string& stream) const;
  std::vector<Move> moves(const std::vector<Forecast>& found) const;
  std::string text(const CustomerId& id) const;

  void withdraw(const Row& row, bool quiet);

  const Rules& rules_;
};

}  // namespace patron::oracle
