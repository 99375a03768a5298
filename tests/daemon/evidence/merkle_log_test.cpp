#include "daemon/evidence/merkle_log.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <string>

#include "daemon/watch/evidence_log.h"

namespace embargod {
namespace {

Digest leaf(std::uint64_t n) { return leaf_hash("salt", std::to_string(n)); }

MerkleTree tree_of(std::uint64_t size) {
  MerkleTree t;
  for (std::uint64_t n = 0; n < size; ++n) t.append(leaf(n));
  return t;
}

/// RFC 9162 2.1.1 word for word, without any of our shortcuts.
Digest mth(std::uint64_t from, std::uint64_t to) {
  if (to - from == 1) return leaf(from);
  std::uint64_t k = 1;
  while (k * 2 < to - from) k *= 2;
  return node_hash(mth(from, from + k), mth(from + k, to));
}

/// What Python's hashlib makes of the same definition, for leaves "0", "1", ... under the salt "salt".
std::string python_root(int size) {
  const std::string program =
      "import hashlib\n"
      "h = lambda b: hashlib.sha256(b).digest()\n"
      "def mth(d):\n"
      "    if not d: return h(b'')\n"
      "    if len(d) == 1: return h(b'\\0salt' + d[0])\n"
      "    k = 1\n"
      "    while k * 2 < len(d): k *= 2\n"
      "    return h(b'\\1' + mth(d[:k]) + mth(d[k:]))\n"
      "print(mth([str(n).encode() for n in range(" +
      std::to_string(size) + ")]).hex(), end='')\n";
  FILE* out = ::popen(("/usr/bin/python3 -B -c \"" + program + "\"").c_str(), "r");
  std::string text(64, '\0');
  text.resize(out == nullptr ? 0 : std::fread(text.data(), 1, text.size(), out));
  if (out != nullptr) ::pclose(out);
  return text;
}

TEST(MerkleTreeTest, HasTheRootsOfTheRfc) {
  const MerkleTree t = tree_of(130);
  EXPECT_EQ(hex(t.root(0)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::uint64_t size = 1; size <= 130; ++size) EXPECT_EQ(t.root(size), mth(0, size)) << size;
  for (const int size : {1, 2, 3, 7, 64, 100})
    EXPECT_EQ(hex(t.root(static_cast<std::uint64_t>(size))), python_root(size));
}

TEST(MerkleTreeTest, EveryInclusionIsProvedAndNoOther) {
  const MerkleTree t = tree_of(70);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      const Proof proof = t.inclusion(index, size);
      const InclusionClaim claim{leaf(index), index, size, t.root(size)};
      ASSERT_TRUE(is_included(claim, proof)) << index << " of " << size;
      ASSERT_FALSE(is_included({leaf(index + 1), index, size, t.root(size)}, proof));
      if (size > 1) {
        ASSERT_FALSE(is_included({leaf(index), (index + 1) % size, size, t.root(size)}, proof));
      }
      if (!proof.empty()) {
        ASSERT_FALSE(is_included(claim, Proof{proof.begin(), proof.end() - 1}));
        Proof longer = proof;
        longer.push_back(leaf(0));
        ASSERT_FALSE(is_included(claim, longer));
        for (std::size_t k = 0; k < proof.size(); ++k) {
          Proof bent = proof;
          bent[k][31] ^= 1U;
          ASSERT_FALSE(is_included(claim, bent));
        }
      }
    }
  }
  EXPECT_FALSE(is_included({leaf(0), 1, 1, leaf(0)}, {}));
}

TEST(MerkleTreeTest, EveryBeginningIsProvedAndNoOther) {
  const MerkleTree t = tree_of(70);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    for (std::uint64_t first = 1; first <= size; ++first) {
      const Proof proof = t.consistency(first, size);
      const ConsistencyClaim claim{first, size, t.root(first), t.root(size)};
      ASSERT_TRUE(is_consistent(claim, proof)) << first << " of " << size;
      ASSERT_FALSE(is_consistent({first, size, leaf(99), t.root(size)}, proof));
      ASSERT_FALSE(is_consistent({first, size, t.root(first), leaf(99)}, proof));
      Proof longer = proof;
      longer.push_back(leaf(0));
      ASSERT_FALSE(is_consistent(claim, longer));
      for (std::size_t k = 0; k < proof.size(); ++k) {
        Proof bent = proof;
        bent[k][0] ^= 1U;
        ASSERT_FALSE(is_consistent(claim, bent)) << first << " of " << size;
      }
    }
  }
  EXPECT_TRUE(is_consistent({0, 5, t.root(0), t.root(5)}, {}));
  EXPECT_FALSE(is_consistent({5, 3, t.root(5), t.root(3)}, {}));
}

TEST(MerkleTreeTest, AThousandLeavesNeedTenHashes) {
  const MerkleTree t = tree_of(1000);
  EXPECT_EQ(t.inclusion(0, 1000).size(), 10U);
}

}  // namespace
}  // namespace embargod
