#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/ingest/text/document.h"
#include "tools/ingest/text/tokens.h"

namespace fasti::ingest {

// Values by folded word, found by a token without hashing its word again.
struct WordHash {
  using is_transparent = void;
  size_t operator()(absl::string_view word) const { return HashOfWord(word); }
  size_t operator()(const Token& token) const { return token.hash; }
};
struct WordEqual {
  using is_transparent = void;
  static absl::string_view Word(absl::string_view word) { return word; }
  static absl::string_view Word(const Token& token) { return token.lower; }
  template <typename A, typename B>
  bool operator()(const A& a, const B& b) const {
    return Word(a) == Word(b);
  }
};
template <typename T>
using WordMap = absl::flat_hash_map<std::string, T, WordHash, WordEqual>;

// One bit for each of a set of words: most words that are none of them are told by their bit.
class WordFilter {
 public:
  void Add(absl::string_view word) {
    const size_t bit = BitOf(HashOfWord(word));
    bits_[bit / 64] |= uint64_t{1} << (bit % 64);
  }
  bool MayHold(const Token& token) const {
    const size_t bit = BitOf(token.hash);
    return ((bits_[bit / 64] >> (bit % 64)) & 1) != 0;
  }

 private:
  static constexpr size_t kBits = 1024;
  static size_t BitOf(size_t hash) { return (hash >> 16) % kBits; }

  std::array<uint64_t, kBits / 64> bits_ = {};
};

// A set of folded words.
class WordSet {
 public:
  void Insert(const std::string& word) {
    filter_.Add(word);
    words_.insert(word);
  }
  bool Contains(const Token& token) const {
    return filter_.MayHold(token) && words_.contains(token);
  }
  auto begin() const { return words_.begin(); }
  auto end() const { return words_.end(); }

 private:
  WordFilter filter_;
  absl::flat_hash_set<std::string, WordHash, WordEqual> words_;
};

// A set of phrases, each with a value, found in a sequence of tokens.  Tokens are compared as
// folded; the white space between them does not count.
class PhraseTable {
 public:
  struct Match {
    uint32_t bound = 0;  // the token after the phrase; its first token for LongestBefore
    int value = 0;
  };

  // The phrase is cut by `tokenizer`.  Of two values for one phrase the later holds.
  void Add(const Tokenizer& tokenizer, absl::string_view phrase, int value);
  // The value of a phrase of folded words, to be set if it is new.  REQUIRES: `words` is not empty.
  std::optional<int>& ValueOf(absl::Span<const std::string> words);

  // The longest phrase that begins at token `at` and ends before `limit`.
  std::optional<Match> Longest(const std::vector<Token>& tokens, uint32_t at,
                               uint32_t limit) const {
    if (at >= limit || !first_words_.MayHold(tokens[at])) return std::nullopt;  // most often
    return Follow(tokens, at, limit);
  }

  // Calls `use` with the value of each phrase that begins with the first of `words`, which are
  // tokens or folded words, shortest first.
  template <typename Word, typename Use>
  void ForEach(absl::Span<const Word> words, const Use& use) const {
    const Node* node = &nodes_[0];
    for (const Word& word : words) {
      const auto it = node->next.find(word);
      if (it == node->next.end()) return;
      node = &nodes_[it->second];
      if (node->value) use(*node->value);
    }
  }

  // The value of the phrase made of exactly tokens [begin, end).
  std::optional<int> Exactly(const std::vector<Token>& tokens, uint32_t begin, uint32_t end) const;

  // The first token and the value of the longest phrase that ends just before `end` and begins not
  // before `limit`.
  std::optional<Match> LongestBefore(const std::vector<Token>& tokens, uint32_t limit,
                                     uint32_t end) const;

  // The words that phrases begin with, in no order.
  std::vector<std::string> FirstWords() const;

  bool empty() const { return nodes_.size() == 1; }

 private:
  struct Node {
    WordMap<uint32_t> next;
    std::optional<int> value;
  };
  static constexpr uint32_t kLengthMax = 8;  // how far LongestBefore looks back

  std::optional<Match> Follow(const std::vector<Token>& tokens, uint32_t at, uint32_t limit) const;

  std::vector<Node> nodes_{1};
  WordFilter first_words_;
};

}  // namespace fasti::ingest
