#include "daemon/evidence/merkle_log.h"

#include <bit>
#include <cassert>
#include <string>

namespace embargod {
namespace {

/// The largest power of two below n; n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

}  // namespace

Digest node_hash(const Digest& left, const Digest& right) {
  std::string bytes{'\x01'};
  bytes.append(reinterpret_cast<const char*>(left.data()), left.size());
  bytes.append(reinterpret_cast<const char*>(right.data()), right.size());
  return sha256(bytes);
}

void MerkleTree::append(const Digest& leaf) {
  Digest hash = leaf;
  for (std::size_t k = 0;; ++k) {
    if (k == levels_.size()) levels_.emplace_back();
    levels_[k].push_back(hash);
    const std::size_t n = levels_[k].size();
    if (n % 2 != 0) return;
    hash = node_hash(levels_[k][n - 2], levels_[k][n - 1]);
  }
}

Digest MerkleTree::root(std::uint64_t size) const {
  assert(size <= this->size());
  return size == 0 ? sha256("") : root_of(0, size);
}

/// A range as the recursion of the RFC makes it: `from` is a multiple of the largest power of two in it.
Digest MerkleTree::root_of(std::uint64_t from, std::uint64_t to) const {
  const std::uint64_t n = to - from;
  if (std::has_single_bit(n)) {
    const auto k = static_cast<std::size_t>(std::countr_zero(n));
    return levels_[k][from >> k];
  }
  const std::uint64_t k = split(n);
  return node_hash(root_of(from, from + k), root_of(from + k, to));
}

void MerkleTree::path(std::uint64_t index, std::uint64_t from, std::uint64_t to, Proof& out) const {
  if (to - from == 1) return;
  const std::uint64_t middle = from + split(to - from);
  if (index < middle) {
    path(index, from, middle, out);
    out.push_back(root_of(middle, to));
  } else {
    path(index, middle, to, out);
    out.push_back(root_of(from, middle));
  }
}

Proof MerkleTree::inclusion(std::uint64_t index, std::uint64_t size) const {
  assert(index < size && size <= this->size());
  Proof out;
  path(index, 0, size, out);
  return out;
}

void MerkleTree::subproof(std::uint64_t first, std::uint64_t from, std::uint64_t to, bool whole, Proof& out) const {
  if (first == to) {
    if (!whole) out.push_back(root_of(from, to));
    return;
  }
  const std::uint64_t middle = from + split(to - from);
  if (first <= middle) {
    subproof(first, from, middle, whole, out);
    out.push_back(root_of(middle, to));
  } else {
    subproof(first, middle, to, false, out);
    out.push_back(root_of(from, middle));
  }
}

Proof MerkleTree::consistency(std::uint64_t first, std::uint64_t size) const {
  assert(first > 0 && first <= size && size <= this->size());
  Proof out;
  subproof(first, 0, size, true, out);
  return out;
}

bool is_included(const InclusionClaim& c, const Proof& proof) {
  if (c.index >= c.size) return false;
  std::uint64_t fn = c.index;
  std::uint64_t sn = c.size - 1;
  Digest r = c.leaf;
  for (const Digest& p : proof) {
    if (sn == 0) return false;
    if (fn % 2 == 1 || fn == sn) {
      r = node_hash(p, r);
      while (fn % 2 == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return sn == 0 && r == c.root;
}

bool is_consistent(const ConsistencyClaim& c, const Proof& proof) {
  if (c.first > c.second) return false;
  if (c.first == c.second) return proof.empty() && c.first_root == c.second_root;
  if (c.first == 0) return proof.empty() && c.first_root == sha256("");
  std::size_t at = 0;
  Digest fr = c.first_root;
  if (!std::has_single_bit(c.first)) {
    if (proof.empty()) return false;
    fr = proof[at++];
  }
  Digest sr = fr;
  std::uint64_t fn = c.first - 1;
  std::uint64_t sn = c.second - 1;
  while (fn % 2 == 1) {
    fn >>= 1U;
    sn >>= 1U;
  }
  for (; at < proof.size(); ++at) {
    if (sn == 0) return false;
    if (fn % 2 == 1 || fn == sn) {
      fr = node_hash(proof[at], fr);
      sr = node_hash(proof[at], sr);
      while (fn % 2 == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      sr = node_hash(sr, proof[at]);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return sn == 0 && fr == c.first_root && sr == c.second_root;
}

}  // namespace embargod
