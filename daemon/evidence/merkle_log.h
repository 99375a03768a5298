#pragma once
// The Merkle tree of RFC 9162 section 2 (that of RFC 6962) over leaf hashes. Pure.

#include <cstdint>
#include <vector>

#include "config/types/digest.h"

namespace embargod {

using Proof = std::vector<Digest>;

/// SHA-256(0x01 || left || right).
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right);

/// Grows by leaves; any head it ever had can be asked for. 64 bytes for each leaf.
class MerkleTree {
 public:
  void append(const Digest& leaf);
  [[nodiscard]] std::uint64_t size() const { return levels_.empty() ? 0 : levels_[0].size(); }

  /// Of the first `size` leaves; of none: SHA-256 of nothing. `size` <= size().
  [[nodiscard]] Digest root(std::uint64_t size) const;

  /// That leaf `index` is in the tree of `size` leaves (2.1.3.1). `index` < `size` <= size().
  [[nodiscard]] Proof inclusion(std::uint64_t index, std::uint64_t size) const;

  /// That the tree of `size` leaves begins with that of `first` (2.1.4.1). 0 < `first` <= `size` <= size().
  [[nodiscard]] Proof consistency(std::uint64_t first, std::uint64_t size) const;

 private:
  [[nodiscard]] Digest root_of(std::uint64_t from, std::uint64_t to) const;
  void path(std::uint64_t index, std::uint64_t from, std::uint64_t to, Proof& out) const;
  void subproof(std::uint64_t first, std::uint64_t from, std::uint64_t to, bool whole, Proof& out) const;

  std::vector<std::vector<Digest>> levels_;  // [k][i]: of the leaves from i * 2^k on, 2^k of them
};

struct InclusionClaim {
  Digest leaf{};
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  Digest root{};
};
/// RFC 9162 2.1.3.2.
[[nodiscard]] bool is_included(const InclusionClaim& c, const Proof& proof);

struct ConsistencyClaim {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  Digest first_root{};
  Digest second_root{};
};
/// RFC 9162 2.1.4.2; of an empty first tree nothing is claimed.
[[nodiscard]] bool is_consistent(const ConsistencyClaim& c, const Proof& proof);

}  // namespace embargod
